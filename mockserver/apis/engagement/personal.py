"""What a call of the engagement API says of a person."""

from __future__ import annotations

#: Members of a body that say who somebody is, in small letters.
PERSONAL = frozenset(
    "accountname address age customerid email firstname imei ipaddress lastname phone "
    "socialid storezipcode username".split()
)
