"""Records, named tuples and kept properties without the modules that they come from elsewhere."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import cached_property as cached_property
    from typing import Generic, dataclass_transform
    from typing import NamedTuple as NamedTuple

    from typing_extensions import TypeVar

    Facts_co = TypeVar("Facts_co", covariant=True, default=object)

    class About(Generic[Facts_co]):
        """A base of classes that are generic in their facts."""

    @dataclass_transform()
    class Record:
        """A record: a class with annotated fields, which are set by place or name."""

else:
    # Of a class's body, these are no attributes of the tuple.
    _OF_BODY = ("__annotations__", "__module__", "__qualname__")

    class _Maker(type):
        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            from collections import namedtuple

            fields = body["__annotations__"]
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in fields and key not in _OF_BODY:
                    setattr(made, key, value)
            return made

    class cached_property:
        """A property whose value is made once; it stands in the instance from then on."""

        def __init__(self, make):
            self.make = make

        def __get__(self, instance, _):
            if instance is None:
                return self
            value = instance.__dict__[self.make.__name__] = self.make(instance)
            return value

    class NamedTuple(metaclass=_Maker):
        """The base of a named tuple: a class with annotated fields, perhaps with defaults."""

    class About:
        """Takes its facts and forgets them."""

        def __class_getitem__(cls, _):
            return cls

    class Record:
        """Sets the annotated fields of a class; the class has the defaults."""

        def __init_subclass__(cls):
            cls._fields = tuple(cls.__annotations__)

        def __init__(self, *values, **named):
            self.__dict__.update(zip(self._fields, values, strict=False), **named)
