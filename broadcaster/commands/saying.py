"""``loa say``: the way from words to a clip, by hand."""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.audio.encode import opus, wav
from broadcaster.audio.sound import Sound
from broadcaster.config import Config, load
from broadcaster.errors import Invalid, LoaError
from broadcaster.refusals.sentences import sentence, terminal_line
from broadcaster.rendering import ClipPlan, Renderer, build_renderer
from broadcaster.speech import AUTO, REGIONS, Voice
from broadcaster.speech.chain import Spoken
from broadcaster.speech.settings import ENGINES
from broadcaster.text import normalize


@dataclass(frozen=True)
class _Request:
    plan: ClipPlan
    output: Path
    as_json: bool


def say(argv: Sequence[str]) -> int:
    """``loa say TEXT -o FILE``; exit code 0, or 1 with one sentence on stderr, or 2 on wrong usage."""
    try:
        config = load()
        request = _request(argv, config)
        renderer = build_renderer(config)
        sound, spoken = renderer.perform(request.plan)
        content = _content(sound, renderer, path=request.output)
        _write(content, request.output)
    except LoaError as error:
        print(terminal_line(error), file=sys.stderr)
        return 1
    _report(sound, spoken, content=content, request=request)
    return 0


def _request(argv: Sequence[str], config: Config) -> _Request:
    arguments = _say_parser(config).parse_args(argv)
    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    try:
        voice = Voice(arguments.engine, arguments.voice, arguments.region, arguments.rate)
    except ValueError as error:
        raise Invalid("speech.rate_out_of_range", field="rate") from error
    plan = ClipPlan(
        script=normalize(text),
        voice=voice,
        broadcast_class="routine",
        chime=None if arguments.chime == "none" else arguments.chime,
        repeats=arguments.repeats,
        horn=arguments.horn,
    )
    return _Request(plan=plan, output=arguments.output, as_json=arguments.json)


def _say_parser(config: Config) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa say", description="Đọc một đoạn văn bản thành tệp phát.")
    parser.add_argument("text", metavar="TEXT", help="văn bản cần đọc; dấu - để đọc từ đầu vào chuẩn")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="tệp .ogg hoặc .wav")
    parser.add_argument("--engine", default=AUTO, choices=(AUTO, *ENGINES), help="giọng đọc")
    parser.add_argument("--voice", default="", metavar="V", help="tên giọng của riêng máy đọc ấy")
    parser.add_argument("--region", default=config.speech.region, choices=REGIONS, help="vùng miền của giọng")
    parser.add_argument("--rate", type=int, default=config.speech.rate_percent, metavar="N", help="tốc độ, phần trăm")
    parser.add_argument("--chime", default="none", metavar="C", help="routine, priority, emergency, drill hoặc none")
    parser.add_argument("--repeats", type=int, default=1, metavar="N", help="số lần đọc, 1 đến 5")
    parser.add_argument(
        "--horn", default="mild", choices=("mild", "loud", "strong", "off"), help="mức xử lý cho loa nén"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    return parser


def _content(sound: Sound, renderer: Renderer, *, path: Path) -> bytes:
    match path.suffix.lower():
        case ".ogg" | ".opus":
            settings = renderer.settings
            return opus(sound, bitrate_bps=settings.bitrate_bps, complexity=settings.encoder_complexity)
        case ".wav":
            return wav(sound)
        case other:
            raise Invalid("output.kind_unknown", field="output", kind=other)


def _write(content: bytes, path: Path) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise LoaError("output.not_written", path=path, cause=error.strerror) from error


def _report(sound: Sound, spoken: Spoken, *, content: bytes, request: _Request) -> None:
    facts = {
        "engine": spoken.engine,
        "seconds": round(sound.duration_ms / 1000, 3),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "fallback_reason": sentence(spoken.fallback_reason) if spoken.fallback_reason else None,
        "sentences": len(spoken.sentences),
        "sentences_from_cache": spoken.from_cache,
        "script": request.plan.script.text,
        "doubts": [doubt.facts() for doubt in request.plan.script.doubts],
    }
    if request.as_json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"{request.output}: {facts['seconds']} giây, {facts['bytes']} byte, giọng {facts['engine']}")
    if spoken.fallback_reason:
        print(facts["fallback_reason"], file=sys.stderr)
    for doubt in request.plan.script.doubts:
        print(sentence(doubt.reason), file=sys.stderr)
