"""The broker that every task is registered with."""

from taskiq import InMemoryBroker

broker = InMemoryBroker()
