"""`python -m webui` serves the build in use."""

from kg.queries import KnowledgeGraph

from .serving import serve_forever

if __name__ == "__main__":
    serve_forever(KnowledgeGraph.open())
