"""The OpenAPI document as a judge of answers: whether a status is documented, what is wrong with an
answer's fields and body."""
import dataclasses
import json

from jsonschema import Draft202012Validator, RefResolver

METHODS = ("get", "post", "put", "delete")


@dataclasses.dataclass(frozen=True)
class Operation:
    method: str
    path: str  # with its prefix, as the router has it: `/v1/users/{id}`
    spec: dict

    def __str__(self):
        return f"{self.method.upper()} {self.path}"


def closed(value):
    """The same schemas, whose objects have no property that is not listed. The document leaves them
    open, so that clients made from it live with what is added; a test wants to hear of it."""
    if isinstance(value, list):
        return [closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: closed(item) for key, item in value.items()}
    is_object = copy.get("type") == "object" and isinstance(copy.get("properties"), dict)
    return {"additionalProperties": False, **copy} if is_object else copy


class Document:
    def __init__(self, value: dict):
        self.value = value
        self._resolver = RefResolver.from_schema(value)
        self._closed = RefResolver.from_schema(closed(value))

    def follow(self, value: dict) -> dict:
        """The value itself, or what its `$ref` names."""
        while isinstance(value, dict) and "$ref" in value:
            _, value = self._resolver.resolve(value["$ref"])
        return value

    def operations(self) -> list[Operation]:
        """Each under every server of its path."""
        found = []
        for path, item in self.value["paths"].items():
            for server in item.get("servers", [{"url": "/"}]):
                prefix = server["url"].rstrip("/")
                found += [Operation(m, prefix + path, item[m]) for m in METHODS if m in item]
        return found

    def operation(self, method: str, path: str) -> Operation:
        return next(o for o in self.operations() if (o.method, o.path) == (method, path))

    def parameters(self, operation: Operation) -> list[dict]:
        return [self.follow(parameter) for parameter in operation.spec.get("parameters", [])]

    def request_examples(self, operation: Operation) -> dict[str, object]:
        """By name; of an operation without a body one that is None."""
        content = operation.spec.get("requestBody", {}).get("content", {})
        examples = content.get("application/json", {}).get("examples", {})
        return {name: example["value"] for name, example in examples.items()} or {"": None}

    def file_examples(self, operation: Operation) -> list[dict]:
        """Requests that send the examples of a file, bare and in a form: body and headers."""
        content = operation.spec.get("requestBody", {}).get("content", {})
        requests = [{"body": example["value"].encode(), "headers": {"Content-Type": "text/csv"}}
                    for example in content.get("text/csv", {}).get("examples", {}).values()]
        for example in content.get("multipart/form-data", {}).get("examples", {}).values():
            form = ('--b\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\n'
                    f'\r\n{example["value"]["file"]}\r\n--b--\r\n')
            requests.append({"body": form.encode(),
                             "headers": {"Content-Type": "multipart/form-data; boundary=b"}})
        return requests

    def schema_errors(self, schema: dict, instance, of_answer=False) -> list[str]:
        resolver = self._closed if of_answer else self._resolver
        validator = Draft202012Validator(closed(schema) if of_answer else schema, resolver=resolver)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]

    def example_errors(self) -> tuple[int, list[str]]:
        """How many examples there are, and which break the schema they stand beside."""
        count, errors = 0, []
        holders = [content for operation in self.operations()
                   for content in self._contents_of(operation)]
        for media, content in holders:
            for name, example in content.get("examples", {}).items():
                count += 1
                errors += [f"{media} {name}: {error}"
                           for error in self.schema_errors(content["schema"], example["value"])]
        return count, errors

    def _contents_of(self, operation: Operation):
        yield from operation.spec.get("requestBody", {}).get("content", {}).items()
        for response in operation.spec["responses"].values():
            yield from self.follow(response).get("content", {}).items()

    def answer_errors(self, operation: Operation, answer) -> list[str]:
        """What of an answer is not as documented; empty when all is."""
        response = self.follow(operation.spec["responses"].get(str(answer.status), {}))
        if not response:
            return [f"{operation}: status {answer.status} is not documented"]
        errors = [f"{operation} {answer.status}: no {name}"
                  for name, header in response.get("headers", {}).items()
                  if self.follow(header).get("required") and answer.field(name) is None]
        content = response.get("content", {})
        media = (answer.field("Content-Type") or "").split(";")[0]
        if bool(answer.body) != bool(content) or (content and media not in content):
            return [*errors, f"{operation} {answer.status}: a body of {media or 'no type'}"]
        if media.endswith("json"):
            errors += [f"{operation} {answer.status}: {error}" for error in
                       self.schema_errors(content[media]["schema"], json.loads(answer.body), True)]
        return errors
