"""Chapters that are of a kind with few words: vacancies, people, short news, large numbers and films."""
