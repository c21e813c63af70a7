"""Simulation: what a draft or changed policy would do, against a snapshot, before anybody signs it.

Only the policy concerned is planned: its versions stand side by side in one plan, over one facts table. Nothing is
stored but the facts, so that the next simulation need not build them again.
"""
