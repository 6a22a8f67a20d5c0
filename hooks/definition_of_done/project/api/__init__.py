"""The GraphQL API as facts: resources, types, tasks, permissions, tests."""
