"""The data catalogue (信息资源目录): which department supplies which dataset, with which fields."""
