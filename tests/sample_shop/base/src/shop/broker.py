from taskiq_redis import ListQueueBroker

broker = ListQueueBroker("redis://redis")
