"""The optimized integrations and aws-sdk:… against stand-ins for AWS's services."""
import json
import pathlib
import re
import sys
import tempfile
import unittest

import stand_ins
from workflow import ApiError, Workflows, eventually, start_with

UUID = r"[0-9a-f-]{36}"


def setUpModule():
    global folder, recorder, node, flows
    if not stand_ins.npm_packages():
        print("test_services: LEFT OUT: npm could not fetch dynalite, kinesalite and s3rver", file=sys.stderr)
    folder = tempfile.TemporaryDirectory(prefix="pawl-stand-ins-")
    recorder = stand_ins.Recorder()
    node = {}
    if stand_ins.MODULES.is_dir():
        node = {"dynalite": stand_ins.start_dynalite(folder.name), "kinesalite": stand_ins.start_kinesalite(folder.name),
                "s3rver": stand_ins.start_s3rver(folder.name)}
    document = stand_ins.endpoints_document(recorder, **node)
    document["services"]["sts"] = "http://127.0.0.1:1"
    flows = Workflows(endpoints=document)


def tearDownModule():
    flows.close()
    for server in node.values():
        server.close()
    recorder.shutdown()
    recorder.server_close()
    folder.cleanup()


def needs(name):
    return lambda test: lambda self: test(self) if name in node else self.skipTest(f"LEFT OUT: {name} could not be fetched")


class Sqs(unittest.TestCase):
    def test_sends_a_message_and_shows_the_exchange(self):
        queue = flows.run("aws-sdk:sqs:createQueue", {"QueueName": "orders"})["QueueUrl"]
        result = flows.run("sqs:sendMessage", {"QueueUrl": queue, "MessageBody": {"order": 7}})
        self.assertEqual(result["MD5OfMessageBody"], stand_ins.md5('{"order":7}'))
        http = result["SdkHttpMetadata"]
        self.assertEqual(http["HttpStatusCode"], 200)
        self.assertEqual(http["HttpHeaders"]["Content-Type"], "application/x-amz-json-1.0")
        self.assertEqual(http["AllHttpHeaders"]["Content-Type"], ["application/x-amz-json-1.0"])
        self.assertEqual(result["SdkResponseMetadata"]["RequestId"], http["HttpHeaders"]["x-amzn-RequestId"])
        received = flows.run("aws-sdk:sqs:receiveMessage", {"QueueUrl": queue})
        self.assertEqual([message["Body"] for message in received["Messages"]], ['{"order":7}'])
        self.assertNotIn("SdkHttpMetadata", received)

    def test_an_unknown_queue_is_an_error_in_the_words_of_each_sdk(self):
        parameters = {"QueueUrl": "http://localhost/1/no-such", "MessageBody": "x"}
        error, cause = flows.error("sqs:sendMessage", parameters)
        self.assertEqual(error, "SQS.QueueDoesNotExistException")
        self.assertRegex(cause, r"^The specified queue does not exist. \(Service: AmazonSQS; Status Code: 400; Error Code: "
                         rf"AWS.SimpleQueueService.NonExistentQueue; Request ID: {UUID}; Proxy: null\)$")
        error, cause = flows.error("aws-sdk:sqs:sendMessage", parameters)
        self.assertEqual(error, "Sqs.QueueDoesNotExistException")
        self.assertRegex(cause, rf"^The specified queue does not exist. \(Service: Sqs, Status Code: 400, Request ID: {UUID}\)$")

    def test_a_token_task_is_submitted_and_waits(self):
        queue = flows.run("aws-sdk:sqs:createQueue", {"QueueName": "tokens"})["QueueUrl"]
        execution = flows.start("sqs:sendMessage.waitForTaskToken",
                                {"QueueUrl": queue, "MessageBody": {"Token.$": "$$.Task.Token"}})
        sent = eventually(lambda: recorder.queues["tokens"], 20, "the message")
        submitted = eventually(lambda: [event for event in flows.api.history(execution) if event["type"] == "TaskSubmitted"],
                               20, "TaskSubmitted")
        flows.api.call("SendTaskSuccess", taskToken=json.loads(sent[0]["Body"])["Token"], output='"done"')
        self.assertEqual(flows.end(execution), "done")
        self.assertIn("MessageId", json.loads(submitted[0]["taskSubmittedEventDetails"]["output"]))

    def test_a_missing_member_fails_before_anything_is_sent(self):
        before = len(recorder.asked("AmazonSQS.SendMessage"))
        error, cause = flows.error("sqs:sendMessage", {"QueueUrl": "http://localhost/1/q"})
        self.assertEqual(error, "States.Runtime")
        self.assertIn("The field 'MessageBody' is required but was missing", cause)
        self.assertEqual(len(recorder.asked("AmazonSQS.SendMessage")), before)

    def test_the_older_protocol_can_be_asked_for(self):
        older = Workflows(endpoints={"services": {"sqs": {"url": recorder.url, "protocol": "query"}}})
        self.addCleanup(older.close)
        recorder.queues["old"] = []
        result = older.run("sqs:sendMessage", {"QueueUrl": f"{recorder.url}/1/old", "MessageBody": "hi", "MessageAttributes": {
            "colour": {"DataType": "String", "StringValue": "red"}}})
        self.assertEqual(result["MD5OfMessageBody"], stand_ins.md5("hi"))
        form = recorder.asked("SendMessage")[-1]
        self.assertEqual(form["MessageAttribute.1.Name"], "colour")
        self.assertEqual(form["MessageAttribute.1.Value.StringValue"], "red")
        self.assertEqual(older.error("sqs:sendMessage", {"QueueUrl": f"{recorder.url}/1/gone", "MessageBody": "x"})[0],
                         "SQS.QueueDoesNotExistException")


class Sns(unittest.TestCase):
    topic = "arn:aws:sns:us-east-1:000000000000:news"

    def test_publishes_with_attributes(self):
        result = flows.run("sns:publish", {"TopicArn": self.topic, "Message": {"a": [1, 2]}, "MessageAttributes": {
            "kind": {"DataType": "String", "StringValue": "update & more"}}})
        self.assertRegex(result["MessageId"], UUID)
        self.assertEqual(result["SdkHttpMetadata"]["HttpHeaders"]["Content-Type"], "text/xml")
        form = recorder.asked("Publish")[-1]
        self.assertEqual(form["Message"], '{"a":[1,2]}')
        self.assertEqual(form["MessageAttributes.entry.1.Name"], "kind")
        self.assertEqual(form["MessageAttributes.entry.1.Value.StringValue"], "update & more")

    def test_a_fifo_topic_numbers_its_messages(self):
        result = flows.run("aws-sdk:sns:publish", {"TopicArn": self.topic + ".fifo", "Message": "x", "MessageGroupId": "g"})
        self.assertEqual(set(result), {"MessageId", "SequenceNumber"})

    def test_errors(self):
        error, cause = flows.error("sns:publish", {"TopicArn": self.topic + "-no-such", "Message": "x"})
        self.assertEqual(error, "SNS.NotFoundException")
        self.assertRegex(cause, r"^Topic does not exist \(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; "
                         rf"Request ID: {UUID}; Proxy: null\)$")
        self.assertEqual(flows.error("sns:publish", {"TopicArn": self.topic, "Message": ""})[0], "SNS.InvalidParameterException")


class Events(unittest.TestCase):
    def test_events_name_the_execution_they_come_from(self):
        execution = flows.start("events:putEvents", {"Entries": [
            {"Source": "shop", "DetailType": "sold", "Detail": {"n": 1}, "Resources": ["mine"], "Time": "2026-01-01T00:00:00Z"}]})
        result = flows.end(execution)
        self.assertEqual(result["FailedEntryCount"], 0)
        self.assertNotIn("SdkHttpMetadata", result)
        entry = recorder.asked("AWSEvents.PutEvents")[-1]["Entries"][0]
        self.assertEqual(entry["Detail"], '{"n":1}')
        self.assertEqual(entry["Time"], 1767225600)
        machine = execution.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
        self.assertEqual(entry["Resources"], ["mine", execution, machine])

    def test_one_bad_entry_fails_the_task(self):
        error, cause = flows.error("events:putEvents", {"Entries": [
            {"Source": "shop", "DetailType": "x", "Detail": {}}, {"DetailType": "x", "Detail": {}}]})
        self.assertEqual(error, "EventBridge.FailedEntry")
        document = json.loads(cause)
        self.assertEqual(document["FailedEntryCount"], 1)
        self.assertEqual(document["Entries"][1]["ErrorCode"], "InvalidArgument")


class Others(unittest.TestCase):
    def test_errors_that_no_api_describes_have_the_service_s_own_name(self):
        error, cause = flows.error("aws-sdk:secretsmanager:createSecret", {"Name": "not good", "SecretString": "x"})
        self.assertEqual(error, "SecretsManager.SecretsManagerException")
        self.assertRegex(cause, rf"^Invalid name. .* \(Service: SecretsManager, Status Code: 400, Request ID: {UUID}\)$")

    def test_a_service_that_is_not_there(self):
        error, cause = flows.error("aws-sdk:sts:getCallerIdentity", {})
        self.assertEqual(error, "Sts.SdkClientException")
        self.assertEqual(cause, "Unable to execute HTTP request: Connect to 127.0.0.1:1 failed: Connection refused")

    def test_a_retry_is_a_new_request(self):
        before = len(recorder.asked("AmazonSQS.SendMessage"))
        flows.error("sqs:sendMessage", {"QueueUrl": "http://localhost/1/gone", "MessageBody": "again"},
                    Retry=[{"ErrorEquals": ["SQS.QueueDoesNotExistException"], "IntervalSeconds": 1, "MaxAttempts": 1}])
        self.assertEqual(len(recorder.asked("AmazonSQS.SendMessage")), before + 2)

    def test_many_at_once(self):
        flows.run("aws-sdk:sqs:createQueue", {"QueueName": "burst"})
        executions = [flows.start("sqs:sendMessage", {"QueueUrl": "x/burst", "MessageBody": "m"}) for _ in range(300)]
        self.assertTrue(all("MessageId" in flows.end(execution) for execution in executions))
        self.assertEqual(len(recorder.queues["burst"]), 300)


class Creation(unittest.TestCase):
    def refused(self, resource):
        with self.assertRaises(ApiError) as refusal:
            flows.start(resource, {})
        return refusal.exception.message

    def test_a_service_without_an_endpoint_is_refused_with_what_to_do(self):
        text = self.refused("aws-sdk:glue:startJobRun")
        self.assertIn("SCHEMA_VALIDATION_FAILED", text)
        self.assertIn("/States/Call/Resource", text)
        self.assertIn("--endpoints FILE", text)
        self.assertIn("AWS_ENDPOINT_URL_GLUE=http://HOST:PORT", text)

    def test_what_is_not_known_is_refused(self):
        self.assertIn("not supported", self.refused("aws-sdk:nosuch:thing"))
        self.assertIn("not supported", self.refused("aws-sdk:dynamodb:get item"))
        for nobodys in ("sqs:sendMessage.sync", "aws-sdk:dynamodb:getItem.sync", "dynamodb:getItem.waitForTaskToken", "dynamodb:query",
                        "states:startSyncExecution", "madeup:thing"):
            self.assertIn(f"The resource provided arn:aws:states:::{nobodys} is not recognized.", self.refused(nobodys))

    def test_parameters_that_no_call_has_fail_the_state_before_its_task(self):
        execution = flows.start("sqs:sendMessage", {"MessageBody": "x"})
        error, cause = flows.end(execution)["error"], flows.end(execution)["cause"]
        self.assertEqual(error, "States.Runtime")
        self.assertTrue(cause.startswith("An error occurred while executing the state 'Call' (entered at the event id #2). The Parameters '"), cause)
        self.assertEqual([event["type"] for event in flows.api.history(execution)],
                         ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "ExecutionFailed"])

    def test_the_endpoints_file_is_checked(self):
        for document, words in (({"services": {"dynamo": "http://x"}}, "is no service that can be called here"),
                                ({"services": {"sqs": "ftp://x"}}, "is no http or https URL"),
                                ({"service": {}}, "unknown field 'service'"),
                                ({"services": {"sqs": "aws"}}, "AWS_ACCESS_KEY_ID")):
            status, text = start_with("--endpoints", document)
            self.assertEqual(status, 2, text)
            self.assertIn(words, text)


class DynamoDb(unittest.TestCase):
    @needs("dynalite")
    def test_items_are_put_got_updated_and_deleted(self):
        self.assertEqual(flows.run("aws-sdk:dynamodb:createTable", {
            "TableName": "items", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]})["TableDescription"]["TableName"], "items")
        key = {"id": {"S": "a"}}
        put = flows.run("dynamodb:putItem", {"TableName": "items", "Item": {**key, "n": {"N": "1"}}})
        self.assertEqual(set(put), {"SdkHttpMetadata", "SdkResponseMetadata"})
        self.assertEqual(flows.run("aws-sdk:dynamodb:putItem", {"TableName": "items", "Item": {**key, "n": {"N": "1"}}}), {})
        updated = flows.run("dynamodb:updateItem", {
            "TableName": "items", "Key": key, "UpdateExpression": "SET n = n + :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}}, "ReturnValues": "UPDATED_NEW"})
        self.assertEqual(updated["Attributes"], {"n": {"N": "2"}})
        self.assertEqual(flows.run("dynamodb:getItem", {"TableName": "items", "Key": key})["Item"], {**key, "n": {"N": "2"}})
        found = flows.run("aws-sdk:dynamodb:query", {"TableName": "items", "KeyConditionExpression": "id = :id",
                                                     "ExpressionAttributeValues": {":id": {"S": "a"}}})
        self.assertEqual((found["Count"], found["ScannedCount"]), (1, 1))
        flows.run("dynamodb:deleteItem", {"TableName": "items", "Key": key})
        self.assertNotIn("Item", flows.run("dynamodb:getItem", {"TableName": "items", "Key": key}))
        error, cause = flows.error("dynamodb:putItem", {"TableName": "items", "Item": key, "ConditionExpression": "attribute_exists(id)"})
        self.assertEqual(error, "DynamoDB.ConditionalCheckFailedException")
        self.assertIn("(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: ", cause)

    @needs("dynalite")
    def test_errors(self):
        item = {"TableName": "missing", "Item": {"id": {"S": "a"}}}
        self.assertEqual(flows.error("dynamodb:putItem", item)[0], "DynamoDB.ResourceNotFoundException")
        self.assertEqual(flows.error("aws-sdk:dynamodb:putItem", item)[0], "DynamoDb.ResourceNotFoundException")
        bad = {"TableName": "/", "Item": {"id": {"S": "a"}}}
        self.assertEqual(flows.error("dynamodb:putItem", bad)[0], "DynamoDB.AmazonDynamoDBException")
        self.assertEqual(flows.error("aws-sdk:dynamodb:putItem", bad)[0], "DynamoDb.DynamoDbException")


class Kinesis(unittest.TestCase):
    @needs("kinesalite")
    def test_records_are_texts_in_the_workflow(self):
        flows.run("aws-sdk:kinesis:createStream", {"StreamName": "clicks", "ShardCount": 1})

        def is_active():
            stream = flows.run("aws-sdk:kinesis:describeStream", {"StreamName": "clicks"})["StreamDescription"]
            return stream if stream["StreamStatus"] == "ACTIVE" else None

        shard = eventually(is_active, 10, "the stream")["Shards"][0]["ShardId"]
        flows.run("aws-sdk:kinesis:putRecord", {"StreamName": "clicks", "PartitionKey": "p", "Data": {"page": "/"}})
        flows.run("aws-sdk:kinesis:putRecords", {"StreamName": "clicks", "Records": [{"PartitionKey": "p", "Data": "grüße"}]})
        iterator = flows.run("aws-sdk:kinesis:getShardIterator", {
            "StreamName": "clicks", "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})["ShardIterator"]
        records = flows.run("aws-sdk:kinesis:getRecords", {"ShardIterator": iterator})["Records"]
        self.assertEqual([record["Data"] for record in records], ['{"page":"/"}', "grüße"])
        self.assertEqual(flows.error("aws-sdk:kinesis:putRecord", {"StreamName": "no", "PartitionKey": "p", "Data": ""})[0],
                         "Kinesis.ResourceNotFoundException")


class S3(unittest.TestCase):
    @needs("s3rver")
    def test_objects_are_put_listed_got_copied_and_deleted(self):
        flows.run("aws-sdk:s3:createBucket", {"Bucket": "pictures"})
        flows.run("aws-sdk:s3:headBucket", {"Bucket": "pictures"})
        put = flows.run("aws-sdk:s3:putObject", {"Bucket": "pictures", "Key": "a b/ü+1.json", "Body": {"x": 1},
                                                 "ContentType": "application/json", "Metadata": {"by": "me"}})
        self.assertEqual(put["ETag"], f'"{stand_ins.md5(json.dumps({"x": 1}, separators=(",", ":")))}"')
        got = flows.run("aws-sdk:s3:getObject", {"Bucket": "pictures", "Key": "a b/ü+1.json"})
        self.assertEqual((got["Body"], got["ContentLength"], got["ContentType"]), ('{"x":1}', 7, "application/json"))
        self.assertEqual(got["Metadata"], {"by": "me"})
        self.assertRegex(got["LastModified"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        head = flows.run("aws-sdk:s3:headObject", {"Bucket": "pictures", "Key": "a b/ü+1.json"})
        self.assertNotIn("Body", head)
        self.assertEqual(head["ContentLength"], 7)
        flows.run("aws-sdk:s3:putObject", {"Bucket": "pictures", "Key": "plain.json", "Body": {"x": 1}})
        copied = flows.run("aws-sdk:s3:copyObject", {"Bucket": "pictures", "Key": "copy", "CopySource": "pictures/plain.json"})
        self.assertEqual(copied["CopyObjectResult"]["ETag"], put["ETag"])
        listed = flows.run("aws-sdk:s3:listObjectsV2", {"Bucket": "pictures", "Prefix": "c"})
        self.assertEqual([(item["Key"], item["Size"]) for item in listed["Contents"]], [("copy", 7)])
        self.assertIs(listed["IsTruncated"], False)
        folders = flows.run("aws-sdk:s3:listObjects", {"Bucket": "pictures", "Delimiter": "/"})
        self.assertEqual(folders["CommonPrefixes"], [{"Prefix": "a b/"}])
        flows.run("aws-sdk:s3:deleteObject", {"Bucket": "pictures", "Key": "copy"})
        self.assertIn("pictures", [bucket["Name"] for bucket in flows.run("aws-sdk:s3:listBuckets", {})["Buckets"]])

    @needs("s3rver")
    def test_errors(self):
        flows.run("aws-sdk:s3:createBucket", {"Bucket": "empty"})
        error, cause = flows.error("aws-sdk:s3:getObject", {"Bucket": "empty", "Key": "no"})
        self.assertEqual(error, "S3.NoSuchKeyException")
        self.assertRegex(cause, r"^The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: ")
        self.assertEqual(flows.error("aws-sdk:s3:listObjects", {"Bucket": "nowhere"})[0], "S3.NoSuchBucketException")
        self.assertEqual(flows.error("aws-sdk:s3:headObject", {"Bucket": "empty", "Key": "no"})[0], "S3.NoSuchKeyException")
        error, cause = flows.error("aws-sdk:s3:getObject", {"Bucket": "empty", "Key": "no", "Colour": "red"})
        self.assertEqual(error, "States.Runtime")
        self.assertIn('The field "Colour" is not supported by Step Functions', cause)


class ApiGateway(unittest.TestCase):
    def test_aws_itself_is_called_at_its_own_hosts_only(self):
        real = Workflows(endpoints={"credentials": {"access_key_id": "A", "secret_access_key": "S", "session_token": "T"},
                                    "services": {"apigateway": "aws"}})
        self.addCleanup(real.close)
        before = len(recorder.requests)
        for host in (recorder.url.removeprefix("http://"), "localhost", "x.execute-api.us-east-1.amazonaws.com.example.com"):
            error, cause = real.error("apigateway:invoke", {"ApiEndpoint": host, "Method": "GET", "AuthType": "IAM_ROLE"})
            self.assertEqual(error, "States.Runtime")
            self.assertIn("'ApiEndpoint' must be a host such as ID.execute-api.REGION.amazonaws.com", cause)
        self.assertEqual(len(recorder.requests), before)


class Signatures(unittest.TestCase):
    def test_a_wrong_secret_is_refused_by_the_service(self):
        wrong = Workflows(endpoints={"credentials": {"access_key_id": "test", "secret_access_key": "other"},
                                     "services": {"sqs": recorder.url}})
        self.addCleanup(wrong.close)
        error, cause = wrong.error("sqs:sendMessage", {"QueueUrl": "x/q", "MessageBody": "x"})
        self.assertEqual(error, "SQS.AmazonSQSException")
        self.assertIn("Status Code: 403; Error Code: InvalidSignatureException", cause)


if __name__ == "__main__":
    unittest.main()
