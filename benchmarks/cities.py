"""Workspaces of the sample city for measuring: made on first use, kept and used again."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from generated import generated

import matcher
from enterprise_data.conform.load import load
from enterprise_data.sample_city.generate import generate
from enterprise_data.workspace import Workspace

POLICIES = 200  # generated ones, in the workspace's folder policies-generated


def city(folder: Path, firms: int) -> Path:
    """Return the workspace below `folder` of a city with its snapshot, made on first use."""
    root = folder / f"city-{firms}"
    if root.exists():
        return root
    draft, files = folder / f"draft-{firms}", folder / f"files-{firms}"
    for left in (draft, files):
        shutil.rmtree(left, ignore_errors=True)
    began = time.perf_counter()
    made = generate(files, firms=firms, seed=1)
    generated_at = time.perf_counter()
    workspace = Workspace.create(draft)
    for delivery in made.deliveries:
        load(workspace, delivery.dataset, delivery.path, data_date=delivery.data_date)
    loaded_at = time.perf_counter()
    matcher.freeze(draft)
    frozen_at = time.perf_counter()
    own = draft / "policies-generated"
    own.mkdir()
    for policy in generated(POLICIES):
        (own / f"{policy.name}.yaml").write_text(policy.yaml, encoding="utf-8")
    shutil.rmtree(files)
    draft.rename(root)
    steps = (generated_at - began, loaded_at - generated_at, frozen_at - loaded_at)
    print(f"{firms:>10,} city made: generate {steps[0]:.1f} s, load {steps[1]:.1f} s, freeze {steps[2]:.1f} s")
    return root
