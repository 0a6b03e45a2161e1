"""The API against its own description, as every role: what schemathesis thinks of gets no 5xx and nothing undescribed."""

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import Config, GenerationMode

from pipeline.desk.problems import API
from tests.pipeline.desk.conftest import ROLES

EXAMPLES = max(4, settings.default.max_examples // 10)  # of each operation as each role


def described(app, headers):
    config = Config.from_dict({"generation": {"allow-x00": False}})
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers=headers, config=config)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_schemathesis_sends_breaks_the_api(newsroom, role):
    """Valid and invalid requests to every operation, some about an item that is there; every answer is as described."""
    headers = {"Authorization": f"Bearer {newsroom.tokens[role]}"}
    operations = [one.ok() for one in described(newsroom.app, headers).get_all_operations()]
    assert 12 <= len(operations)

    for operation in operations:
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @settings(max_examples=EXAMPLES)
        @given(case=cases, known=st.booleans())
        def tried(case, known):
            if known and "item" in case.path_parameters:
                case.path_parameters["item"] = newsroom.item
            case.call_and_validate(headers=headers)

        tried()
