"""«Все кабинеты»: several cabinets side by side."""
