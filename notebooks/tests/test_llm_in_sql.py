"""A notebook's Spark asks a language model by SQL: nothing twice, however the result is used."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dormouse_lake import asking

SCHEMA = '{"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}'


class Model(ThreadingHTTPServer):
    """Speaks OpenAI's protocol on loopback; answers every question and counts them."""

    def __init__(self):
        self.asked = Counter()
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        self.server.asked[question] += 1
        body = json.dumps(
            {
                "id": "c",
                "object": "chat.completion",
                "model": "small",
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps({"answer": question})}}
                ],
                "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def model():
    server = Model()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_query_asks_each_prompt_once_however_it_is_filtered_and_counted(model, tmp_path):
    deployment = tmp_path / "dormouse.properties"
    deployment.write_text(
        f"lake={tmp_path}/lake\nllm.provider=openai\nllm.url=http://127.0.0.1:{model.server_port}/v1\n"
        "llm.model=small\nllm.price.small=1, 2\nllm.requests.per.minute=6000\nllm.tokens.per.minute=10000000\n"
    )
    spark = asking(deployment)
    spark.createDataFrame([("a",), ("b",), ("c",), ("a",)], ["prompt"]).createOrReplaceTempView("prompts")
    asked = spark.sql(f"SELECT prompt, r.* FROM (SELECT prompt, llm_generate(prompt, '{SCHEMA}') AS r FROM prompts) WHERE r.tokens > 0")

    assert asked.where("status = 'ok'").count() == 4
    rows = asked.collect()
    assert {(row.prompt, json.loads(row.reply)["answer"]) for row in rows} == {("a", "a"), ("b", "b"), ("c", "c")}
    assert all(row.cost == pytest.approx(13e-6) for row in rows)
    assert model.asked == {"a": 1, "b": 1, "c": 1}


def test_a_deployment_without_a_model_is_told_so(tmp_path):
    deployment = tmp_path / "dormouse.properties"
    deployment.write_text(f"lake={tmp_path}/lake\n")
    with pytest.raises(ValueError, match="llm.model"):
        asking(deployment)
