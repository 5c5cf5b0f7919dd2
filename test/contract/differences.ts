import type { Subject } from './subject.ts'

/** Where a subject does not keep a rule of AWS. */
export type Difference = {
  subject: Subject['name']
  rule: string
  /** What it does instead. */
  instead: string
  /** Why AWS's documentation is believed and not the subject. */
  because: string
}

/** A line is: rules | what the subject does instead | why AWS's documentation is believed. */
const read = (subject: Subject['name'], table: string): Difference[] =>
  table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [rules = '', instead = '', because = ''] = line.split(' | ')
      return rules.split(' ').map((rule) => ({ subject, rule, instead, because }))
    })

const moto = `
ecr.token.form | gives a fixed expiry in 2015 | a token that has expired could not log in; AWS documents 12 hours
ecr.describe.pages | answers with everything at once, whatever maxResults says | the API reference documents the parameter; clients rely on it
ecr.get.bad-digest ecr.get.neither | calls every failure ImageNotFound | the API reference has a failure code for it
ecr.get.other-digest | answers with all that match either half of the id | the API reference has a failure code for it
ecr.get.limit | takes any number of ids | the API reference states the limit
ecr.get.bytes | computes its digest from something else than the bytes of the manifest | OCI defines a digest as that of the bytes, and Docker refuses any other
ecr.put.index | computes its digest from something else than the bytes of the index | OCI defines a digest as that of the bytes, and Docker refuses any other
ecr.put.moves-tag | drops an image when its last tag moves away | untagged images are what lifecycle policies are for; they stay until then
ecr.put.immutable | refuses with ImageAlreadyExistsException | the API reference gives a taken tag an exception of its own
ecr.put.other-digest ecr.put.missing-layers ecr.put.missing-images | keeps the manifest without looking at it | the API reference lists the exception with PutImage; moto has no layers
ecs.definition.defaults | leaves out who registered it and when | the API reference has the field
ecs.definition.family | takes the latest revision, also an INACTIVE one | the API reference says the latest ACTIVE revision
ecs.definition.no-container ecs.definition.nothing-essential ecs.definition.fargate-network ecs.definition.fargate-size | registers it | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.definition.list | lists in one order whatever sort says | the API reference documents the parameter; clients rely on it
ecs.tasks.missing | leaves it out without a failure | the developer guide lists MISSING among the failure reasons of DescribeTasks
ecs.tasks.started-by ecs.tasks.unknown-service | answers with a list | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.service.eleven | takes any number of services | the API reference states the limit
ssm.put.relative-name ssm.put.standard-size ssm.put.advanced-size ssm.put.downgrade | keeps the parameter | the user guide states names, sizes and tiers; a record that is too large must be seen before AWS refuses it
ssm.put.intelligent-tiering | keeps Intelligent-Tiering as if it were a tier | the user guide states names, sizes and tiers; a record that is too large must be seen before AWS refuses it
ssm.get.selector | leaves Selector out | the API reference has the field
ssm.get.secure-string | shows the value with a prefix | the value would be in clear for everyone who may read the parameter
ssm.history.writer | names a fixed user | the API reference has the field
sts.identity.unknown-key sts.identity.wrong-token | takes any key and any token | moto verifies no credentials unless it is told to, and then only those of its own IAM users
sts.role.missing sts.role.untrusted sts.web.missing-role sts.web.subject sts.web.other-ref sts.web.not-by-keys | gives a session for any role | moto evaluates no trust policy; a session for everyone is no identity
sts.role.too-short sts.role.too-long sts.role.beyond-maximum sts.role.chaining sts.role.session-name | gives the session | the API reference states these bounds of a session
sts.web.audience sts.web.expired sts.web.signature sts.web.garbage sts.web.issuer | does not read the token | the API reference lists InvalidIdentityToken and ExpiredTokenException, and the token is the only credential
sts.web.answer | answers with constants | the API reference takes the fields from the token
logs.get.window | counts endTime as part of the window | the API reference says that events at or after endTime are not included
logs.filter.streams | lists the events stream by stream | the API reference says that they are sorted by their time
logs.filter.prefix | ignores the prefix | the API reference says that only streams of that prefix are searched
logs.filter.both | answers | the API reference says that both together are InvalidParameterException
lambda.get.code lambda.update.tag lambda.versions.stay | makes CodeSha256 of something else than the digest, and resolves a tag to itself | AWS's answers, as LocalStack has recorded them: CodeSha256 is the digest, ResolvedImageUri names it
lambda.update.in-progress lambda.update.revision lambda.update.same-digest | has updated at once | the user guide: LastUpdateStatus is InProgress until the image has been optimised
lambda.update.busy lambda.update.busy-words lambda.publish.with-update | has updated at once, so nothing is ever in progress | the user guide: until then other operations fail
lambda.update.stale lambda.publish.stale lambda.alias.stale | does not look at RevisionId | the API reference: the call fails if it is not the latest
lambda.update.package lambda.update.missing-image lambda.update.other-region lambda.update.index | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
lambda.update.architecture | does not look at Architectures | the API reference documents the parameter; clients rely on it
lambda.publish.sha lambda.publish.sha-words | does not look at CodeSha256 | the API reference: publish only if it is that of the code
lambda.publish.revision | leaves the RevisionId as it was | AWS's answers, as LocalStack has recorded them
lambda.versions.listed | answers with everything at once, whatever MaxItems says | the API reference documents the parameter; clients rely on it
lambda.config.image | shows no ImageConfigResponse after an update | the API reference documents the parameter; clients rely on it
lambda.config.published | has updated at once | the user guide: LastUpdateStatus is InProgress until the update has ended
lambda.delete.aliased | deletes every version | the API reference: ResourceConflictException
lambda.alias.exists | names it ConflictException | the API reference has ResourceConflictException
lambda.alias.name lambda.alias.missing-version lambda.alias.weights-two lambda.alias.weights-latest lambda.alias.weights-bounds | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
lambda.alias.moved | leaves the RevisionId as it was | the API reference: it changes with every update of the alias
lambda.alias.weights-cleared | answers with an empty map | AWS's answers, as LocalStack has recorded them: there is no RoutingConfig then
lambda.alias.listed | does not look at FunctionVersion | the API reference documents the parameter; clients rely on it
ssm.document.missing-version | calls it InvalidDocument | the API reference has InvalidDocumentVersion
ssm.send.timeout ssm.send.comment ssm.send.concurrency ssm.send.errors ssm.send.parameter-missing ssm.send.parameter-unknown ssm.send.parameter-pattern ssm.send.parameter-value ssm.send.unknown-document ssm.send.unknown-version ssm.send.other-hash ssm.send.unknown-instance | takes the command | the API reference lists the bounds and the exceptions; what nobody can run must not look as if it had been
ssm.invocation.missing | calls it InvalidCommandId | the API reference has InvocationDoesNotExist, which is also the answer right after sending
ec2.instances.malformed | calls it InvalidInstanceID.NotFound | the list of error codes has a code for it
ec2.instances.filter ec2.instances.page-size | answers | the API reference states what is allowed
`

const miniStack = `
ecr.repository.name ecr.policy.text | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
ecr.describe.missing-tag ecr.describe.missing-digest | answers with an empty list | the API reference lists ImageNotFoundException with DescribeImages
ecr.describe.pages | answers with everything at once, whatever maxResults says | the API reference documents the parameter; clients rely on it
ecr.list.tags | keeps one tag of an image that has two | an image has any number of tags; its own registry serves both
ecr.get.bad-digest ecr.get.neither | calls every failure ImageNotFound | the API reference has a failure code for it
ecr.get.other-digest | looks at the tag alone | the API reference has a failure code for it
ecr.get.limit | takes any number of ids | the API reference states the limit
ecr.put.identical | puts it again | the API reference lists ImageAlreadyExistsException for it
ecr.put.other-digest ecr.put.missing-layers ecr.put.missing-images | keeps the manifest without looking at it | the API reference lists the exception with PutImage
ecr.layers.availability | finds no layer that was pushed over HTTP | both interfaces serve one repository
ecr.layers.missing | gives a URL for a layer that is not there | the API reference lists LayersNotFoundException
ecr.account.closed ecr.account.open ecr.account.reading-only | ignores registryId and looks into the registry of the caller | the API reference says which registry registryId means
registry.auth.none registry.auth.wrong registry.auth.content | asks for no credentials | the user guide: private registries take the token of GetAuthorizationToken
registry.push.other-digest | keeps it under its own digest and says 201 | the OCI specification: a digest that does not match must be refused
referrers.subject-header | says nothing of the subject | the OCI specification: a registry that lists referrers names it, and ECR lists them
registry.push.missing-blobs | keeps a manifest whose blobs are not there | the image could not be pulled; AWS names LayersNotFoundException
ecs.definition.family | takes the latest revision, also an INACTIVE one | the API reference says the latest ACTIVE revision
ecs.definition.tags | answers with the tags unasked | the API reference: without include they are left out
ecs.definition.nothing-essential ecs.definition.fargate-network ecs.definition.fargate-size | registers it | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.run.reason | says "Essential container exited" | the developer guide has "Essential container in task exited"
ecs.run.no-image | says ResourceInitializationError | the developer guide has CannotPullContainerError for images
ecs.run.idempotent | starts another task | the API reference: clientToken makes the call idempotent
ecs.run.no-network ecs.run.other-container | starts the task | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.tasks.none ecs.tasks.started-by ecs.tasks.unknown-service | answers with a list | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.tasks.of-service | puts the name of the service into startedBy | the API reference: for tasks of a service it is the deployment id
ecs.tasks.stopped | says UserInitiated when the scheduler scales in | the API reference has ServiceSchedulerInitiated for it
ecs.tasks.digest | has no digest for an image that it finds in the local engine only | the rule is for images that come from a registry; here none is asked
ecs.service.eleven | takes any number of services | the API reference states the limit
ecs.service.unknown-definition ecs.update.unknown-definition | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
ecs.service.exists | refuses with ClientException | AWS answers InvalidParameterException, "Creation of service was not idempotent."
ecs.delete.drains | is INACTIVE at once and can be updated again | the API reference: DRAINING while tasks run, and ServiceNotActiveException
ecs.rollout.states | has a reason without the id of the deployment | AWS words it "ECS deployment ecs-svc/… completed."
ecs.rollout.events ecs.breaker.events | has events of its own wording, without ids | the developer guide gives the texts
ecs.breaker.failed | words the reason in its own way | the developer guide: "ECS deployment circuit breaker: tasks failed to start."
ecs.breaker.stopped-tasks | puts the name of the service into startedBy | the API reference: for tasks of a service it is the deployment id
ecs.breaker.without-rollback | stops the old tasks as well | the developer guide: no new tasks are launched; nothing takes the healthy ones away
ecs.breaker.nothing-to-return-to | never fails the first deployment | the developer guide: without a completed deployment it is left FAILED
ecs.breaker.off | counts no failed tasks without the circuit breaker | the API reference defines failedTasks without it
ecs.deployments.link ecs.deployments.successful ecs.deployments.listed ecs.deployments.superseded ecs.deployments.rolled-back ecs.deployments.triggered ecs.deployments.threshold ecs.deployments.monitoring ecs.stop.rolls-back ecs.stop.ended ecs.revisions.image | keeps no service deployments and no revisions | the API reference: every deployment since October 2024 has them
ecs.health.passes ecs.health.fails | runs no health checks | the API reference: the agent runs the command in the container
ssm.put.empty ssm.put.relative-name ssm.put.standard-size ssm.put.advanced-size ssm.put.downgrade | keeps the parameter | the user guide states names, sizes and tiers; a record that is too large must be seen before AWS refuses it
ssm.put.intelligent-tiering | keeps Intelligent-Tiering as if it were a tier | the user guide states names, sizes and tiers; a record that is too large must be seen before AWS refuses it
ssm.get-many.limit ssm.path.page-size | answers | the API reference states the limit
ssm.history.hundred | keeps every version | the user guide: a hundred, then the oldest is deleted
sts.role.too-short sts.role.too-long sts.role.beyond-maximum sts.role.session-name | gives the session | the API reference states these bounds of a session
sts.role.chaining | refuses a role that the trust policy names with AccessDenied, because it has no identity policy | the IAM user guide: within one account a policy that names the role itself is enough; the bound of an hour comes first
sts.web.answer | answers with a subject and a provider of its own | the API reference takes the fields from the token
sts.web.audience sts.web.garbage sts.web.issuer | refuses with AccessDenied | the API reference lists InvalidIdentityToken for tokens that do not validate
sts.web.expired | takes an expired token | the API reference lists ExpiredTokenException
sts.web.signature | does not look at the signature | anyone could write such a token; AWS verifies it with the keys of the issuer
sts.web.ref | knows aud, sub and amr of the token only | AWS documents the condition keys of GitHub's provider, ref among them
logs.filter.prefix | ignores the prefix | the API reference says that only streams of that prefix are searched
logs.filter.both | answers | the API reference says that both together are InvalidParameterException
lambda.get.code lambda.update.tag lambda.versions.stay | makes CodeSha256 of something else than the digest, and resolves a tag to itself | AWS's answers, as LocalStack has recorded them: CodeSha256 is the digest, ResolvedImageUri names it
lambda.update.in-progress | is Pending, without a reason | the user guide: State stays Active while an update is in progress
lambda.update.revision | has the same RevisionId when the update has ended | AWS's answers, as LocalStack has recorded them
lambda.update.busy lambda.update.busy-words | takes another update, and publishes, while one is in progress | the user guide: other operations fail until then
lambda.update.dry-run | is in progress afterwards | the API reference: it validates, without modifying the function
lambda.update.missing-image lambda.update.other-region lambda.update.index | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
lambda.image.other-account | looks for the role first, which the other account does not have here | the user guide: it is the repository's policy that refuses
lambda.publish.sha lambda.publish.sha-words | does not look at CodeSha256 | the API reference: publish only if it is that of the code
lambda.publish.stale | does not look at RevisionId | the API reference: the call fails if it is not the latest
lambda.publish.revision | leaves the RevisionId of $LATEST as it was | AWS's answers, as LocalStack has recorded them
lambda.delete.version | deletes the whole function where $LATEST is named | AWS's answers, as LocalStack has recorded them: InvalidParameterValueException
lambda.alias.name lambda.alias.missing-version lambda.alias.weights-two lambda.alias.weights-latest lambda.alias.weights-bounds | takes it | AWS refuses it before anything is made, so a mistake is seen where it was made
lambda.alias.deleted | answers ResourceNotFoundException for an alias that is not there | AWS's answers, as LocalStack has recorded them: 204
lambda.alias.listed | does not look at FunctionVersion | the API reference documents the parameter; clients rely on it
lambda.provisioned.none | takes $LATEST for a function without | AWS's answers, as LocalStack has recorded them: InvalidParameterValueException
lambda.provisioned.ready | lists none | the API reference: a list of the configurations of the function
lambda.provisioned.moves | stays READY | the user guide: it is allocated anew for the version that the alias points at
lambda.provisioned.weights lambda.provisioned.twice | takes both | AWS refuses it before anything is made, so a mistake is seen where it was made
ssm.send.unknown-document | refuses every tag as a target | the API reference has tags as targets, and an exception for the document
ssm.send.unknown-document-by-id | takes the command and says Success at once, without having run anything | the API reference lists InvalidDocument
ec2.instances.filter ec2.instances.page-size ssm.information.filter | answers | the API reference states what is allowed
ec2.instances.pages-of-ids | looks for the ids | the API reference: both together are refused
ec2.instances.found | has no profile, because none was given | the rule is for an instance with the role that its agent needs
`

/**
 * Every difference between AWS's documentation and what the emulators do, with its reason. One that is seen and not listed fails
 * the suite, and so does one that is listed and no longer seen. The local cloud has none.
 */
export const differences: readonly Difference[] = [...read('moto', moto), ...read('MiniStack', miniStack)]
