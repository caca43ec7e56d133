"""The Domain API as a value."""

from __future__ import annotations

from mockserver.apis.domain.operations import OPERATIONS
from mockserver.contract.error_shape import ErrorShape
from mockserver.contract.spec import Contract
from mockserver.engine.api import Api


def domain_api(contract: Contract, error_shape: ErrorShape) -> Api:
    """Return the API that *contract* describes, whose errors look as *error_shape* says."""
    return Api(name="domain", contract=contract, error_shape=error_shape, operations=OPERATIONS)
