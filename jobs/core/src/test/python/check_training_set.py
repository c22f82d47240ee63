"""Checks a folder that `dormouse export-training-set` wrote: check_training_set.py DIR

Always against the documented formats, in plain Python. Where `datasets` is installed it loads the folder as its data
card says; where `trl` is installed too (its data functions need no torch), TRL's own functions read every line. Prints
what was checked as JSON.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jsonschema

SPLITS = ("train", "validation", "test")
CHAT_TEMPLATE = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"

Line = dict[str, Any]


@dataclass
class Summary:
    """What was checked, and how."""

    lines: dict[str, int] = field(default_factory=dict)
    datasets: str | None = None
    trl: str | None = None


class WrongError(Exception):
    """A line that does not keep the format."""


def require(holds: bool, problem: str) -> None:
    if not holds:
        raise WrongError(problem)


def lines(folder: Path, kind: str, split: str) -> Iterator[Line]:
    file = folder / kind / f"{split}.jsonl"
    if file.exists():
        with file.open(encoding="utf-8") as text:
            for line in text:
                yield json.loads(line)


def check_messages(messages: Any, roles: list[str]) -> None:
    require(isinstance(messages, list), "messages are no list")
    require([message["role"] for message in messages] == roles, f"roles are not {roles}")
    for message in messages:
        require(set(message) == {"role", "content"}, "a message has other keys than role and content")
        require(isinstance(message["content"], str) and bool(message["content"].strip()), "a message is empty")


def check_answer(answer: Line, schema: str) -> None:
    jsonschema.validate(json.loads(answer["content"]), json.loads(schema))


def check_chat(line: Line) -> None:
    check_messages(line["messages"], ["system", "user", "assistant"])
    check_answer(line["messages"][-1], line["reply_schema"])
    require(line["label"] in ("better", "worse", "unclear", "failed"), f"label is {line['label']}")
    if line["label"] == "failed":
        require(line["gain"] is None and line["gain_sd"] is None, "a failed answer has a gain")
        return
    clear = 2 * line["gain_sd"]
    expected = "better" if line["gain"] > clear else "worse" if line["gain"] < -clear else "unclear"
    require(line["gain_sd"] > 0 and line["label"] == expected, f"label is {line['label']}, not {expected}")


def check_preference(line: Line) -> None:
    check_messages(line["prompt"], ["system", "user"])
    for side in ("chosen", "rejected"):
        check_messages(line[side], ["assistant"])
        check_answer(line[side][0], line["reply_schema"])
    require(line["chosen"] != line["rejected"], "both answers are the same")
    if line["gain_difference"] is None:
        require(line["rejected_gain"] is None, "a difference is missing")
        require(line["chosen_gain"] > 2 * line["chosen_gain_sd"], "an unclear gain is preferred to a failure")
    else:
        require(line["gain_difference"] > 2 * line["gain_difference_sd"], "a difference is within its uncertainty")


def check_provider(line: Line, kind: str) -> None:
    if kind == "provider/chat":
        require(set(line) == {"messages"}, "a provider's line has other keys")
        check_messages(line["messages"], ["system", "user", "assistant"])
    else:
        require(set(line) == {"input", "preferred_output", "non_preferred_output"}, "a provider's line has other keys")
        check_messages(line["input"]["messages"], ["system", "user"])
        check_messages(line["preferred_output"], ["assistant"])
        check_messages(line["non_preferred_output"], ["assistant"])


def check_splits(folder: Path) -> None:
    """No study family in two splits; the questions of the test split are later than all other outcomes."""
    split_of: dict[str, str] = {}
    ends: list[str] = []
    begins: list[str] = []
    for split in SPLITS:
        for line in lines(folder, "chat", split):
            family = line["study_family"]
            require(split_of.setdefault(family, split) == split, f"family {family} is in two splits")
            (begins if split == "test" else ends).append(line["planned_at" if split == "test" else "ended_at"])
    if begins and ends:
        require(max(ends) < min(begins), "the test split is not later than the others")


def check_plain(folder: Path, summary: Summary) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    for words in ("## Splits", "## Columns", "## How labels were made", "## Known biases", "licences"):
        require(words in card, f"the data card lacks '{words}'")
    for kind in ("chat", "preference", "provider/chat", "provider/preference"):
        for split in SPLITS:
            for number, line in enumerate(lines(folder, kind, split), 1):
                try:
                    if kind == "chat":
                        check_chat(line)
                    elif kind == "preference":
                        check_preference(line)
                    else:
                        check_provider(line, kind)
                except (WrongError, KeyError, jsonschema.ValidationError) as wrong:
                    raise WrongError(f"{kind}/{split}.jsonl, line {number}: {wrong}") from wrong
                summary.lines[f"{kind}/{split}"] = number
    check_splits(folder)


def check_with_datasets(folder: Path, cache: Path, summary: Summary) -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # The folder is all it needs.
    import datasets

    summary.datasets = datasets.__version__
    for kind in ("chat", "preference"):
        expected = {split: summary.lines[f"{kind}/{split}"] for split in SPLITS if f"{kind}/{split}" in summary.lines}
        if not expected:
            continue
        loaded = datasets.load_dataset(str(folder), kind, cache_dir=str(cache))
        require(loaded.num_rows == expected, f"datasets loads {loaded.num_rows} of {kind}, not {expected}")
        if importlib.util.find_spec("trl"):
            check_with_trl(loaded, kind, summary)


def check_with_trl(loaded: Any, kind: str, summary: Summary) -> None:
    import trl
    from trl import data_utils

    summary.trl = trl.__version__
    tokenizer = small_tokenizer()
    for split in loaded.values():
        for example in split:
            require(data_utils.is_conversational(example), f"TRL takes a line of {kind} for no conversation")
            if kind == "chat":
                text = data_utils.maybe_apply_chat_template({"messages": example["messages"]}, tokenizer)["text"]
                require(example["messages"][-1]["content"] in text, "TRL's text lacks the answer")
            else:
                pair = {key: example[key] for key in ("prompt", "chosen", "rejected")}
                require(data_utils.maybe_extract_prompt(dict(pair)) == pair, "TRL would take another prompt")
                texts = data_utils.maybe_apply_chat_template(dict(pair), tokenizer)
                require(texts["prompt"].endswith("<assistant>"), "TRL's prompt does not end where the answer begins")
                require(texts["chosen"] != texts["rejected"], "TRL's texts are the same")
        if kind == "preference":
            unpaired = data_utils.maybe_unpair_preference_dataset(split.select_columns(["prompt", "chosen", "rejected"]))
            require(unpaired.num_rows == 2 * split.num_rows, "TRL does not unpair the preferences")


def small_tokenizer() -> Any:
    """Splits at spaces, needs no download."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>")), unk_token="<unk>")
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/dormouse-training-set-cache"))
    options = parser.parse_args()
    summary = Summary()
    try:
        check_plain(options.folder, summary)
        if importlib.util.find_spec("datasets"):
            check_with_datasets(options.folder, options.cache, summary)
    except WrongError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(json.dumps(asdict(summary)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
