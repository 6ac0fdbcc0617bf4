"""How each language says dates, times, numbers and phrases. Pure.

`speech` is the one door: `speak("cy")`. `welsh_dates` is the Welsh behind it; the English is in `edition.phrases`.
"""
