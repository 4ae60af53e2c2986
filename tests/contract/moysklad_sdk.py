"""The official SDK of МойСклад, brought in within seconds instead of a minute of the processor.

Its thousand methods check their arguments by models built at the import, each anew with all that it refers to. The methods go without
that check here, and models are built when they are first used: what they read and refuse is the same.
"""

import pydantic
import pytest

with pytest.MonkeyPatch.context() as patch:
    patch.setattr(pydantic, "validate_call", lambda function: function)
    patch.setitem(pydantic.BaseModel.model_config, "defer_build", True)
    import moysklad_remap_12_sdk as sdk

    # The methods are imported when the first of them is asked for.
    assert sdk.ProductsApi

__all__ = ["sdk"]
