"""Officers (经办、复核、审批等人员): who may do what, and how the machine knows that it is them."""
