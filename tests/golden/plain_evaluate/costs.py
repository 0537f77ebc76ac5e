"""What costs ask of a forecast (R55, R56)."""

import math


def needed(cost, sigma, minutes):
    share = 0.5 + cost / (2 * sigma * math.sqrt(2 * minutes / math.pi))
    return share if share <= 1 else None


def break_even_minutes(cost, sigma, hit):
    return math.pi / 2 * (cost / ((2 * hit - 1) * sigma)) ** 2 if hit > 0.5 else None


def capacity(volume, edge, cost, sigma):
    if edge <= cost:
        return 0.0
    return volume * ((edge - cost) / (2 * sigma * math.sqrt(1440))) ** 2
