"""SMS through any gateway that speaks HTTP: citizens without internet report too, costs stay capped."""
