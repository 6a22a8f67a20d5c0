"""The broker."""

from taskiq_nats import PullBasedJetStreamBroker

broker = PullBasedJetStreamBroker("nats://nats")
