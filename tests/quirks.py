"""How public endpoints are reported to behave, each replayed in front of the same capable model, which agrees.

The model fills in the form where it is shown one: by a schema that is enforced, or in words. Where it is shown none
it makes up a JSON of its own. What stands between it and us is the quirk. Every quirk names the reports it replays
(repository#number), and how the meeting must end: in the same deal as without it, or at once, saying why.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from endpoint import Drop, Form, Raw, Status, agreeable, endpoint, filled, tokens
from making import ROLES, scenario

from aipm_agents.errors import EndpointError
from aipm_agents.keyring import Home
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.model import Model
from aipm_agents.seats.model.address import Address
from aipm_agents.seats.model.budget import Budget
from aipm_agents.seats.model.checkup import reach
from aipm_agents.seats.model.switchboard import Switchboard
from aipm_agents.table.events import Decided

PASSING = {"reach": "few", "review": "some"}
NEEDED = 9
"""Calls the meeting takes where nothing is in the way: framing, three openings, a package, three answers, a signature."""
STORY = "The letter went out on a Tuesday, and by Friday the desk had read {n} replies to it, most of them twice. "


def case():
    """Four at the table, and more to read than 4,096 tokens hold."""
    long = "".join(STORY.format(n=n) for n in range(36))
    parties = {
        role: {
            **scenario().parties["legal"].model_dump(mode="json", exclude_defaults=True, by_alias=True),
            "private": long[:3900],
        }
        for role in (*ROLES, "data_scientist")
    }
    return scenario(parties=parties, background=long[:3900], purpose=long[:3900], question=long[:3900])


class Said:
    """A message as the endpoint sends it, whatever it is made of."""

    def __init__(self, content=None, finish="stop", *, used=None, prompt=None, **message):
        self.message = {"role": "assistant", "content": content, **message}
        self.finish, self.used, self.prompt = finish, used, prompt

    def send(self, handler, asked):
        answer = self.used or tokens(json.dumps(self.message))
        prompt = self.prompt or tokens(asked.text)
        handler.reply(200, json.dumps({
            "id": "1", "object": "chat.completion", "created": 1, "model": asked.model,
            "choices": [{"index": 0, "finish_reason": self.finish, "message": self.message}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer},
        }).encode())  # fmt: skip


class Streamed:
    """The same in pieces, the thoughts first."""

    def __init__(self, text, thought=""):
        self.text, self.thought = text, thought

    def send(self, handler, asked):
        deltas = [{"role": "assistant", "content": None, "reasoning_content": self.thought}]
        deltas += [{"content": self.text[at : at + 40]} for at in range(0, len(self.text), 40)]
        lines = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        lines.append({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}]})
        used = {"prompt_tokens": tokens(asked.text), "completion_tokens": tokens(self.text)}
        lines.append({"choices": [], "usage": used, "model": asked.model})
        body = "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n"
        handler.reply(200, body.encode(), **{"Content-Type": "text/event-stream"})


# --- the model ----------------------------------------------------------------------------------


def form(asked):
    """What the model would fill in, as fields."""
    return filled(asked.schema, package=PASSING) if asked.verb == "propose" else agreeable(asked).fields


def good(asked):
    """Behind a perfect endpoint."""
    return Form(form(asked))


def its_own(asked):
    """A model that is shown no form."""
    return Said(json.dumps({"decision": "approve", "comment": "Looks fine to me.", "next": ["ship"]}))


def text(asked):
    return json.dumps(form(asked), ensure_ascii=False)


def in_words(asked):
    return "JSON Schema:\n" in asked.messages[-1][1]


# --- the endpoints ------------------------------------------------------------------------------


class Quirk(NamedTuple):
    reports: str
    make: object
    """() -> what answers a request."""
    says: str = ""
    """For a meeting that must stop: a part of what is told. Empty: it reaches the deal."""
    timeout: float = 30.0
    get: object = None
    """(path) -> (status, data) for what is looked up, or None for what it always is."""


QUIRKS: dict[str, Quirk] = {}


def quirk(reports, says="", **more):
    def known(make):
        QUIRKS[make.__name__] = Quirk(reports, make, says, **more)
        return make

    return known


def error(code_of_http, message, **more):
    return Status(code_of_http, json.dumps({"error": {"message": message, **more}}).encode())


def before(refusal, applies, then=good):
    """Refuses what `applies` to."""
    return lambda asked: refusal(asked) if applies(asked) else then(asked)


def the_first(times, answer, then=good):
    """So for the first times, and well after that; from all seats together."""
    number = count()
    return lambda asked: answer(asked) if next(number) < times else then(asked)


def after(times, answer):
    number = count()
    return lambda asked: good(asked) if next(number) < times else answer(asked)


@quirk("-")
def perfect():
    return good


@quirk("nextlevelbuilder/goclaw#245 grafana/grafana-llm-app#780 BerriAI/litellm#36859")
def gpt5_min_tokens():
    """The limit holds the hidden reasoning too; where no visible token fits, the request fails."""
    says = "Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens."
    return before(
        lambda asked: error(400, says, type="invalid_request_error", code=None),
        lambda asked: asked.limit < 6000,
    )


@quirk("karthink/gptel-agent#23 JohnnyZ93/oai-compatible-copilot#19")
def gpt5_max_tokens():
    says = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    more = {"type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter"}
    return before(lambda asked: error(400, says, **more), lambda asked: "max_tokens" in asked.body)


def extra(asked, known):
    return [
        {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted", "input": value}
        for name, value in asked.body.items() if name not in known
    ]  # fmt: skip


MISTRAL = (
    "model",
    "messages",
    "max_tokens",
    "stream",
    "response_format",
    "tools",
    "tool_choice",
    "random_seed",
)


@quirk("editor-code-assistant/eca#231")
def mistral():
    def refusal(asked):
        told = {
            "object": "error",
            "message": {"detail": extra(asked, MISTRAL)},
            "type": "invalid_request_error",
        }
        return Status(422, json.dumps({**told, "param": None, "code": None}).encode())

    return before(refusal, lambda asked: extra(asked, MISTRAL))


@quirk("Gitlawb/openclaude#739")
def mistral_codestral():
    refusal = lambda asked: Status(422, json.dumps({"detail": extra(asked, MISTRAL)}).encode())  # noqa: E731
    return before(refusal, lambda asked: extra(asked, MISTRAL))


def has(asked, *words):
    schema = asked.body.get("response_format") or asked.body.get("tools")
    return any(f'"{word}"' in json.dumps(schema) for word in words)


@quirk("i-am-bee/beeai-framework#1215")
def groq_no_minitems():
    says = "invalid schema for response format: response_format/json_schema/answer: minItems is not supported"
    return before(
        lambda asked: error(400, says, type="invalid_request_error"),
        lambda asked: has(asked, "minItems", "maxItems"),
    )


@quirk("vllm-project/vllm#16880")
def vllm_no_minitems():
    says = "The provided JSON schema contains features not supported by xgrammar."
    told = {"object": "error", "message": says, "type": "BadRequestError", "param": None, "code": 400}
    return before(
        lambda asked: Status(400, json.dumps(told).encode()), lambda asked: has(asked, "minItems", "maxItems")
    )


@quirk("linxule/openinterviewer#23")
def gemini_no_maxitems():
    says = [
        {
            "error": {
                "code": 400,
                "message": "Request contains an invalid argument.",
                "status": "INVALID_ARGUMENT",
            }
        }
    ]
    return before(lambda asked: Status(400, json.dumps(says).encode()), lambda asked: has(asked, "maxItems"))


def enum_letters(schema):
    if isinstance(schema, dict):
        own = sum(len(name) for name in schema.get("enum", ()))
        return own + sum(enum_letters(part) for part in schema.values())
    return sum(map(enum_letters, schema)) if isinstance(schema, list) else 0


def constrained(asked):
    return asked.how in ("schema", "tool")


@quirk("googleapis/python-genai#660 googleapis/python-genai#2133")
def too_many_states():
    """The budget is the total of enum strings; a forced call of a tool has the same."""
    says = "The specified schema produces a constraint that has too many states for serving. Typical causes of this error are schemas with lots of text (for example, very long property or enum names)"
    told = [{"error": {"code": 400, "message": says, "status": "INVALID_ARGUMENT"}}]
    return before(
        lambda asked: Status(400, json.dumps(told).encode()),
        lambda asked: constrained(asked) and enum_letters(asked.schema) > 60,
    )


@quirk("googleapis/python-genai#2133")
def too_many_states_opaque():
    told = [
        {
            "error": {
                "code": 400,
                "message": "Request contains an invalid argument.",
                "status": "INVALID_ARGUMENT",
            }
        }
    ]
    return before(
        lambda asked: Status(400, json.dumps(told).encode()),
        lambda asked: constrained(asked) and enum_letters(asked.schema) > 60,
    )


ANTHROPIC_JSON = "response_format.type: Input should be 'json_schema'"


@quirk("anthropics/anthropic-sdk-python#1185 chrisvel/tududi#1355")
def grammar_too_large():
    """A schema that says too much is not compiled; a tool is not constrained by one."""
    says = "The compiled grammar is too large, which would cause performance issues. Simplify your tool schemas or reduce the number of strict tools."

    def script(asked):
        if asked.how == "json":
            return error(400, ANTHROPIC_JSON, type="invalid_request_error")
        if asked.how == "schema" and enum_letters(asked.schema) > 60:
            return error(400, says, type="invalid_request_error")
        return good(asked)

    return script


@quirk("Vali-98/ChatterUI#227")
def gemini_seed():
    says = 'Invalid JSON payload received. Unknown name "seed": Cannot find field.'
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"description": says}]}
    ]
    told = [{"error": {"code": 400, "message": says, "status": "INVALID_ARGUMENT", "details": details}}]
    return before(lambda asked: Status(400, json.dumps(told).encode()), lambda asked: "seed" in asked.body)


@quirk("langchain-ai/langchain#29282 deepseek-ai/DeepSeek-V3#1376")
def deepseek_thinking():
    def script(asked):
        if asked.how == "schema":
            return error(400, "This response_format type is unavailable now", type="invalid_request_error")
        if asked.how == "tool":
            return error(400, "Thinking mode does not support this tool_choice", type="invalid_request_error")
        if asked.how == "json" and "json" not in asked.text.lower():
            return error(
                400,
                "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
            )
        return Said(text(asked), reasoning_content="They want few, and somebody reads. I can say yes.")

    return script


@quirk("camel-ai/camel#4001 chrisvel/tududi#1355")
def anthropic_ignores_schema():
    def script(asked):
        if asked.how == "json":
            return error(400, ANTHROPIC_JSON, type="invalid_request_error")
        return good(asked) if asked.how == "tool" or in_words(asked) else Said("I agree with this package.")

    return script


@quirk("browserbase/stagehand#1204 jundot/omlx#1241")
def ignores_schema_own_json():
    return lambda asked: Said(text(asked)) if in_words(asked) else its_own(asked)


ROUTING = "To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing"


@quirk("evalstate/fast-agent#122 pydantic/pydantic-ai#2896")
def openrouter_404_tools():
    def script(asked):
        if asked.how == "tool":
            return error(404, f"No endpoints found that support tool use. {ROUTING}", code=404)
        return good(asked) if in_words(asked) else its_own(asked)

    return script


@quirk("zed-industries/zed#36094")
def openrouter_404_tool_choice():
    def script(asked):
        if asked.how == "tool":
            says = f"No endpoints found that support the provided 'tool_choice' value. {ROUTING}"
            return error(404, says, code=404)
        return good(asked) if in_words(asked) else its_own(asked)

    return script


def has_system(asked):
    return asked.messages[0][0] == "system"


@quirk("huggingface/chat-ui#1386")
def gemma_no_system():
    told = {"object": "error", "message": "System role not supported", "type": "BadRequestError", "code": 400}
    return before(lambda asked: Status(400, json.dumps(told).encode()), has_system)


@quirk("sgl-project/sglang#892")
def gemma_no_system_500():
    """The template fails, and nothing says at what."""
    return before(
        lambda asked: Status(500, b"Internal Server Error", **{"Content-Type": "text/plain"}), has_system
    )


@quirk("langchain4j/langchain4j#3974 QuantumNous/new-api#1109")
def stream_only():
    says = "parameter.enable_thinking must be set to false for non-streaming calls"
    refusal = error(400, says, code="invalid_parameter_error", type="invalid_request_error", param=None)
    return before(
        lambda asked: refusal, lambda asked: not asked.body.get("stream"),
        lambda asked: Streamed(text(asked), thought='Perhaps {"vote": "no"}? Rather yes.'),
    )  # fmt: skip


@quirk("musistudio/claude-code-router#948")
def stream_only_modelscope():
    says = "enable thinking can not be support when `stream=False`."
    return before(
        lambda asked: error(400, says, code="invalid_parameter_error", type="invalid_request_error"),
        lambda asked: not asked.body.get("stream"), lambda asked: Streamed(text(asked)),
    )  # fmt: skip


@quirk("BerriAI/litellm#3923")
def litellm_500_params():
    says = "ollama does not support parameters: {'seed': 1}, for model=llama3:latest. To drop these, set `litellm.drop_params=True` or for proxy:\n\n`litellm_settings:\n drop_params: true`\n\nNumber Retries = 1"
    return before(
        lambda asked: error(500, says, type=None, param=None, code=500), lambda asked: "seed" in asked.body
    )


@quirk("kaiko-ai/eva#895")
def litellm_400_params():
    says = "litellm.UnsupportedParamsError: anthropic does not support parameters: ['seed'], for model=claude-3-7-sonnet-20250219. To drop these, set `litellm.drop_params=True`"
    return before(
        lambda asked: error(400, says, type=None, param=None, code="400"), lambda asked: "seed" in asked.body
    )


def window(size):
    def script(asked):
        prompt, answer = tokens(asked.text), asked.limit or 0
        if prompt + answer <= size and prompt < size:
            return good(asked)
        says = f"This model's maximum context length is {size} tokens. However, you requested {prompt + answer} tokens ({prompt} in the messages, {answer} in the completion). Please reduce the length of the messages or completion."
        told = {"object": "error", "message": says, "type": "BadRequestError", "param": None, "code": 400}
        return Status(400, json.dumps(told).encode())

    return script


@quirk("ogx-ai/ogx#4534")
def context_exceeded():
    """Prompt and answer together do not fit; the prompt with a shorter answer does."""
    return window(8192)


@quirk("vllm-project/vllm#20409", says="the prompt does not fit what m can hold")
def context_too_small():
    return window(4096)


@quirk("ollama/ollama#10980 NousResearch/hermes-agent#43900", says="cut the beginning of the prompt off")
def ollama_truncates():
    """4,096 tokens, whatever is asked for, and the system prompt is cut first."""
    return lambda asked: Said(text(asked), prompt=min(4096, tokens(asked.text)))


@quirk("ollama/ollama#17889 ralphgrewe/TradingAgents#168", says="cut the beginning of the prompt off")
def ollama_truncates_to_half():
    """A prompt that is longer than the context is cut to half of it."""
    return lambda asked: Said(text(asked), prompt=2050 if tokens(asked.text) > 4096 else None)


@quirk("ollama/ollama#17889", says="the prompt does not fit what m can hold")
def llamacpp_context():
    def script(asked):
        says = "the request exceeds the available context size, try increasing it"
        told = {
            "code": 400,
            "type": "exceed_context_size_error",
            "n_prompt_tokens": tokens(asked.text),
            "n_ctx": 4096,
        }
        return error(400, says, **told)

    return script


@quirk("ralphgrewe/TradingAgents#168", says="the prompt does not fit what m can hold")
def ollama_no_room():
    """Prompt and answer share the context: the answer breaks off where it is full."""
    return lambda asked: Said(text(asked)[:20], "length", used=193)


@quirk("deepseek-ai/DeepSeek-R1#352 #456 #506 open-webui/open-webui#9808 ggml-org/llama.cpp#23320")
def think_close_only():
    return lambda asked: Said(
        f'First I thought of {{"vote": "no"}}, but they moved.\n</think>\n\n{text(asked)}'
    )


@quirk("ray-project/ray#53324")
def think_in_content():
    return lambda asked: Said(f'<think>\n{{"vote": "no"}}? They moved.\n</think>\n\n{text(asked)}')


@quirk("ggml-org/llama.cpp#15181")
def harmony():
    thought = '<|channel|>analysis<|message|>Could say {"vote": "no"}. Rather yes.<|end|>'
    return lambda asked: Said(
        f"{thought}<|start|>assistant<|channel|>final<|message|>{text(asked)}<|return|>"
    )


@quirk("lmstudio-ai/lmstudio-bug-tracker#1555")
def harmony_constrained():
    return lambda asked: Said(f"<|channel|>final <|constrain|>JSON<|message|>{text(asked)}")


@quirk("ml-explore/mlx-lm#1867")
def harmony_without_marks():
    return lambda asked: Said(f"analysisThey moved, so yes.assistantfinal{text(asked)}")


@quirk("ddalcu/mlx-serve#331 sgl-project/sglang#14821 zammad/zammad#5984")
def json_in_reasoning():
    return lambda asked: Said("", reasoning_content=text(asked))


def eats(content):
    """As much reasoning as a hard question takes: 5,000 tokens, and the answer after that."""
    return before(
        lambda asked: Said(content, "length", used=asked.limit), lambda asked: (asked.limit or 9999) < 5200
    )


@quirk("langchain-ai/langchain#32477 covan-ai/covan#112 vercel/ai#8237")
def reasoning_eats_budget():
    return eats("")


@quirk("vercel/ai#8237")
def reasoning_eats_budget_null():
    return eats(None)


@quirk("langchain-ai/langchain#32477")
def answer_breaks_off():
    return eats('{"vote": "yes", "asks')


@quirk("agentjido/req_llm#742 langchain4j/langchain4j#4474")
def magistral_list():
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": 'Not {"vote": "no"} then.'}]}
    return lambda asked: Said([thinking, {"type": "text", "text": text(asked)}])


@quirk("vllm-project/vllm#17393")
def whitespace_forever():
    return before(
        lambda asked: Said('{"' + "\n \n  " * 900, "length", used=asked.limit),
        lambda asked: asked.how == "schema",
    )


@quirk("langchain-ai/langchain#23297")
def fenced():
    return lambda asked: Said(f"```json\n{text(asked)}\n```")


@quirk("giuseppe99barchetta/SuggestArr#266 tya5/reyn#1057")
def trailing_text():
    return lambda asked: Said(f"{text(asked)}\n\nI hope this helps {{the meeting}}!")


@quirk("vectorize-io/hindsight#1986")
def leading_text():
    return lambda asked: Said(f"Sure, here is the JSON you requested:\n\n{text(asked)}")


@quirk("manhhailua/lorekeep#192")
def trailing_comma():
    return lambda asked: Said(text(asked)[:-1] + ",}")


@quirk("manhhailua/lorekeep#192")
def single_quotes():
    return lambda asked: Said(str(form(asked)))


@quirk("langchain-ai/langchain#23297")
def byte_order_mark():
    return lambda asked: Said("\ufeff" + text(asked))


@quirk("langchain-ai/langchain#23297")
def list_of_one():
    return lambda asked: Said(f"[{text(asked)}]")


def called(asked, arguments="arguments"):
    return json.dumps({"name": asked.verb, arguments: form(asked)})


def only_tools(answer):
    """The schema is ignored, and what a call of a tool comes to."""
    return lambda asked: (
        answer(asked) if asked.how == "tool" else Said(text(asked)) if in_words(asked) else its_own(asked)
    )


@quirk("ggml-org/llama.cpp#14697")
def tool_call_in_content():
    return only_tools(lambda asked: Said(f"<tool_call>\n{called(asked)}\n</tool_call>"))


@quirk("vllm-project/vllm#17161 #21571")
def tool_call_wrapped():
    return only_tools(lambda asked: Said(called(asked, "parameters")))


@quirk("ggml-org/llama.cpp#14697")
def tool_calls_as_json():
    return only_tools(lambda asked: Said(json.dumps({"tool_calls": [json.loads(called(asked))]})))


@quirk("huggingface/text-generation-inference#2136 #2461 langchain-ai/langchain#27523")
def args_object():
    def answer(asked):
        made = {"description": None, "name": asked.verb, "arguments": form(asked)}
        return Said(None, "tool_calls", tool_calls=[{"id": "0", "type": "function", "function": made}])

    return only_tools(answer)


@quirk("ollama/ollama#10976")
def empty_tool_args():
    return only_tools(lambda asked: Said(""))


@quirk("lmstudio-ai/lmstudio-bug-tracker#618", says="is not the address of a chat endpoint")
def lmstudio_200():
    told = {"error": "Unexpected endpoint or method. (POST /chat/completions)"}
    return lambda asked: Raw(json.dumps(told).encode())


@quirk("vybestack/llxprt-code#775", says="is not the address of a chat endpoint")
def ollama_without_v1():
    return lambda asked: Status(404, b"404 page not found", **{"Content-Type": "text/plain"})


@quirk("n8n-io/n8n#37959", says="is not the address of a chat endpoint")
def web_page():
    return lambda asked: Raw(b"<!doctype html><html><body>Sign in to go on</body></html>", "text/html")


@quirk("n8n-io/n8n#37959 langchain-ai/langchainjs#11418")
def openrouter_200_error():
    told = {
        "error": {
            "message": "Provider returned error",
            "code": 502,
            "metadata": {"raw": "upstream", "provider_name": "P"},
        }
    }
    return the_first(2, lambda asked: Raw(json.dumps(told).encode()))


@quirk("langchain-ai/langchain#32252")
def choices_null():
    told = {"id": "", "object": "chat.completion", "choices": None, "usage": None}
    return the_first(1, lambda asked: Raw(json.dumps(told).encode()))


@quirk("langchain-ai/langchainjs#11417")
def choices_empty():
    return the_first(1, lambda asked: Raw(b'{"id": "", "choices": []}'))


def groq(generation):
    says = "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details."
    more = {"type": "invalid_request_error", "code": "json_validate_failed"}
    return lambda asked: error(400, says, **more, failed_generation=generation(asked))


@quirk("build-with-groq/g1#23")
def groq_json_validate():
    return groq(lambda asked: f"```json\n{text(asked)}\n```")


@quirk("thepersonalaicompany/amurex-backend#38")
def groq_json_validate_empty():
    return the_first(1, groq(lambda asked: ""))


AZURE = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766"


def azure(asked):
    safe = {"filtered": False, "severity": "safe"}
    result = {"hate": safe, "jailbreak": {"filtered": True, "detected": True}, "violence": safe}
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
    return error(400, AZURE, type=None, param="prompt", code="content_filter", status=400, innererror=inner)


@quirk("microsoft/TinyTroupe#85 #100", says="a filter of")
def azure_filter_prompt():
    return azure


@quirk("browser-use/browser-use#4783", says="a filter of")
def azure_filter_one_seat():
    """The others are let through, and the one who has a veto is not: nobody has said no."""
    return before(azure, lambda asked: asked.role == "legal")


@quirk("browser-use/browser-use#4783")
def azure_filter_once():
    return the_first(1, azure)


@quirk("openrouter.ai/docs/errors", says="a filter of")
def openrouter_moderation():
    more = {
        "reasons": ["harassment"],
        "flagged_input": "You are ...",
        "provider_name": "P",
        "model_slug": "m",
    }
    return lambda asked: error(403, "Input was flagged by moderation", code=403, metadata=more)


@quirk("n4ze3m/page-assist#406 datalab-to/marker#490")
def gemini_429():
    told = [
        {
            "error": {
                "code": 429,
                "message": "Resource has been exhausted (e.g. check quota).",
                "status": "RESOURCE_EXHAUSTED",
            }
        }
    ]
    return the_first(2, lambda asked: Status(429, json.dumps(told).encode()))


def no_quota(asked):
    says = "You exceeded your current quota, please check your plan and billing details."
    return error(429, says, type="insufficient_quota", param=None, code="insufficient_quota")


@quirk("langchain-ai/langchainjs#1929", says="wants money")
def insufficient_quota():
    return lambda asked: no_quota(asked)


@quirk("mindsdb/anton#284", says="wants money")
def insufficient_quota_midway():
    return after(5, no_quota)


def cannot_afford(asked):
    says = "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 919. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account"
    return error(402, says, code=402, metadata={"provider_name": None})


@quirk("can1357/oh-my-pi#9569", says="wants money")
def openrouter_402():
    return cannot_afford


@quirk("continuedev/continue#11154", says="wants money")
def openrouter_402_midway():
    return after(5, cannot_afford)


@quirk("openai.com", says="does not accept the key")
def key_revoked_midway():
    return after(5, lambda asked: error(401, "Incorrect API key provided.", code="invalid_api_key"))


@quirk("openai.com", says="has no model 'm'")
def no_such_model():
    says = "The model `m` does not exist or you do not have access to it."
    return lambda asked: error(404, says, type="invalid_request_error", param=None, code="model_not_found")


@quirk("ollama/ollama", says="has no model 'm'")
def ollama_no_such_model():
    return lambda asked: error(404, 'model "m" not found, try pulling it first', type="api_error")


@quirk("yazelin/mori-desktop#15 danny-avila/LibreChat#3330", timeout=6.0)
def cold_start():
    """The first call takes longer than --timeout: the model is loaded first."""

    def slow(asked):
        time.sleep(6.5)
        return good(asked)

    return the_first(1, slow)


LOADING = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}


@quirk("cline/cline#12839")
def llamacpp_loading():
    return the_first(2, lambda asked: Status(503, json.dumps(LOADING).encode()))


def still_loading():
    number = count()
    return lambda path: (503, LOADING) if next(number) < 2 else None


@quirk("cline/cline#12839", get=still_loading)
def llamacpp_loading_at_the_start():
    return good


@quirk("ollama/ollama-python#436")
def drop_before():
    return the_first(2, lambda asked: Drop())


@quirk("BerriAI/litellm#4008")
def drop_in_the_middle():
    return the_first(1, lambda asked: Drop(after=b'{"id": "1", "choi'))


# --- the meeting --------------------------------------------------------------------------------


class Ended(NamedTuple):
    how: str
    """`deal`, `stop`, `wrong` (decided, and not as behind a perfect endpoint), `lost` (nothing said why)."""
    calls: int
    says: str


@contextmanager
def served(name):
    known = QUIRKS[name]
    with endpoint(known.make(), get=known.get() if known.get else None) as server:
        yield server


def meeting(name, url, timeout=None):
    """How the meeting ends with a model behind this endpoint in every seat."""
    at_table = case()
    board = Switchboard(Home(url), Budget(), timeout=timeout or QUIRKS[name].timeout)
    line = board.line(Address("m", url))
    seats = {role: Model("openai:m", line) for role in at_table.parties}
    events = []
    try:
        reach(line.endpoint)
        negotiate(at_table, seats, on_event=events.append)
    except EndpointError as stop:
        return Ended("stop", board.budget.spent.calls, str(stop))
    finally:
        board.close()
    decided = events[-1]
    assert isinstance(decided, Decided)
    faults = [event.volatile["fault"] for event in events if getattr(event, "fault", None)]
    same = decided.outcome == "go_with_follow_ups" and decided.package == PASSING
    return Ended("deal" if same else "wrong", board.budget.spent.calls, "; ".join(faults))
