export const id = 728;
export const ids = [728];
export const modules = {

/***/ 4728:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ecsTarget: () => (/* binding */ ecsTarget)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/not-started.js
var not_started = __webpack_require__(5240);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/target.js
var target = __webpack_require__(3244);
// EXTERNAL MODULE: ./build/lib/aws/quotas.js
var quotas = __webpack_require__(2781);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/causes.js
/** Pattern of AWS's reason, what to do about it, whether a further attempt can help (developer guide, stopped-task-errors). */
const KNOWN = [
    [/exec format error/, 'the image was built for another processor: build it for the platform of the task definition', true],
    [/CannotPullContainerError.*(not found|manifest unknown)/i, 'the image is not in the registry that the task pulls from', true],
    [
        /CannotPullContainerError.*(denied|forbidden|not authorized|\b403\b)/i,
        'allow the execution role to pull from this repository, and the repository policy to serve this account',
        true,
    ],
    [/CannotPullContainerError/, 'check the route from the subnets to ECR and S3 (NAT gateway or VPC endpoints)', false],
    [
        // `invalid parameters` is how Parameter Store names those that it does not have.
        /ResourceInitializationError.*(AccessDenied|not authorized|not found|ResourceNotFound|invalid parameters)/i,
        'check that the secret or parameter exists and that the execution role may read it',
        true,
    ],
    [
        /ResourceInitializationError.*(time-?out|deadline exceeded|connection (refused|reset)|no such host)/i,
        'check the route from the subnets to ECR, Secrets Manager, Parameter Store and CloudWatch Logs (NAT gateway or VPC endpoints)',
        false,
    ],
    [/ResourceInitializationError/, 'check the secrets, parameters and log group of the task definition', false],
    [/OutOfMemory/i, "raise 'memory' of the task definition, or find the leak", false],
    [/failed ELB health checks/, 'the load balancer got no good answer: check port, path and start-up time', false],
    [/failed container health checks/, "the health check command failed: check it and the container's start-up time", false],
    [/port is already allocated|already in use/i, 'two containers want one host port', true],
];
/** The failure that a stopped task stands for; undefined where it was stopped on purpose or by a passing event. */
const failureOf = (task) => {
    const reason = task.stoppedReason ?? '';
    const byScheduler = task.stopCode === 'ServiceSchedulerInitiated' && !/health checks/.test(reason);
    if (byScheduler ||
        ['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth'].includes(task.stopCode ?? '')) {
        return undefined;
    }
    const container = culprit(task.containers ?? []);
    // A container that ECS stopped for its health ends as SIGTERM makes it end; that code explains nothing.
    const text = /health checks/.test(reason) ? reason : [describe(container), reason].filter((part) => part !== '').join(': ');
    const [, remedy, hopeless = false] = KNOWN.find(([pattern]) => pattern.test(withoutNames(text))) ?? [];
    return {
        task: task.taskArn ?? '',
        key: `${container?.name} ${task.stopCode} ${container?.exitCode} ${withoutIds(text)}`,
        reason: text,
        ...(remedy !== undefined && { remedy }),
        ...(container?.name && { container: container.name }),
        hasRun: container?.exitCode !== undefined,
        hopeless,
    };
};
/** The container to blame: one that ended with an error, else one that has a reason, else the first. */
const culprit = (containers) => containers.find((container) => container.exitCode !== undefined && container.exitCode !== 0) ??
    containers.find((container) => container.reason) ??
    containers.find((container) => container.exitCode !== undefined) ??
    containers[0];
const describe = (container) => {
    if (container === undefined)
        return '';
    const said = container.reason ? ` (${container.reason})` : '';
    if (container.exitCode === undefined)
        return container.reason ? `container '${container.name}': ${container.reason}` : '';
    return `container '${container.name}' exited with ${container.exitCode}${meaning(container.exitCode)}${said}`;
};
const meaning = (exitCode) => ({ 137: ', killed', 139: ', segmentation fault', 143: ', terminated' })[exitCode] ?? '';
/** Without references of images, ARNs, URLs and paths: an account or a digest with `403` in it is no answer of a registry. */
const withoutNames = (text) => text.replaceAll(/[^\s:]*(\/|sha256:)\S*/g, '…');
const withoutIds = (text) => text.replaceAll(/[0-9a-f]{8,}/g, '…').replaceAll(/\d+(\.\d+)+/g, '…');
/** Groups equal failures, most frequent first. */
const groupCauses = (failures, logs) => {
    const groups = Map.groupBy(failures, (failure) => failure.key);
    return [...groups.values()]
        .map((group) => {
        const [first] = group;
        const log = group.map((failure) => logs.get(failure.task)).find((found) => found !== undefined && found.length > 0);
        return {
            reason: first.reason,
            count: group.length,
            ...(first.remedy !== undefined && { remedy: first.remedy }),
            ...(first.container !== undefined && { container: first.container }),
            ...(log && { log }),
        };
    })
        .toSorted((one, other) => other.count - one.count);
};
/** Whether enough tasks have failed of one cause: `limit` of them, or a single one that no retry can heal. */
const isHopeless = (failures, limit) => failures.some((failure) => failure.hopeless) ||
    [...Map.groupBy(failures, (failure) => failure.key).values()].some((group) => group.length >= limit);

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-cjs/index.js
var dist_cjs = __webpack_require__(212);
// EXTERNAL MODULE: ./build/lib/aws/errors.js
var errors = __webpack_require__(2811);
// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/observe.js



const describeService = async ({ ecs, cluster, service }) => {
    const command = new dist_cjs/* DescribeServicesCommand */.H7c({ cluster, services: [service] });
    const { services = [] } = await (0,errors/* call */.T1)('ecs:DescribeServices', () => ecs.send(command)).catch((error) => {
        if (error.name === 'ClusterNotFoundException')
            throw new refusal/* Refusal */.P(`there is no cluster '${cluster}' in this account and region`);
        throw error;
    });
    const found = services.find(({ status }) => status === 'ACTIVE');
    if (found)
        return found;
    throw new refusal/* Refusal */.P(services.length > 0
        ? `the service '${service}' in cluster '${cluster}' is ${services[0]?.status?.toLowerCase()}; only an active one can be deployed`
        : `there is no service '${service}' in cluster '${cluster}' in this account and region`);
};
/**
 * The service deployment of `ecs-svc/N`: the one whose target revision ends in N. Terraform relies on the same link;
 * AWS does not document it, so a caller must be able to do without.
 */
const findServiceDeployment = async ({ ecs, cluster, service }, id) => {
    const number = id.replace('ecs-svc/', '');
    const command = new dist_cjs/* ListServiceDeploymentsCommand */.jz8({ cluster, service, maxResults: 20 });
    const { serviceDeployments = [] } = await (0,errors/* call */.T1)('ecs:ListServiceDeployments', () => ecs.send(command));
    return serviceDeployments.find(({ targetServiceRevisionArn }) => targetServiceRevisionArn?.endsWith(`/${number}`))
        ?.serviceDeploymentArn;
};
/**
 * Ids of the deployments that a service has had, by the same link: ECS goes back to one that it no longer lists, under the id
 * that it had, and that must not pass for somebody else's. Empty where it cannot be told.
 */
const earlierDeployments = async ({ ecs, cluster, service }) => {
    const command = new dist_cjs/* ListServiceDeploymentsCommand */.jz8({ cluster, service, maxResults: 20 });
    const { serviceDeployments = [] } = await ecs.send(command).catch(() => ({ serviceDeployments: [] }));
    return serviceDeployments.flatMap(({ targetServiceRevisionArn: arn }) => (arn ? [`ecs-svc/${arn.split('/').at(-1)}`] : []));
};
const describeServiceDeployment = async ({ ecs }, arn) => {
    const command = new dist_cjs/* DescribeServiceDeploymentsCommand */.A6p({ serviceDeploymentArns: [arn] });
    const { serviceDeployments = [] } = await (0,errors/* call */.T1)('ecs:DescribeServiceDeployments', () => ecs.send(command));
    return serviceDeployments[0] && lookAt(arn, serviceDeployments[0]);
};
const lookAt = (arn, deployment) => ({
    arn,
    status: deployment.status ?? '',
    statusReason: deployment.statusReason ?? '',
    triggered: triggerOf(deployment),
    rollbackReason: deployment.rollback && (deployment.rollback.reason || 'rolled back'),
});
const triggerOf = ({ deploymentCircuitBreaker: breaker, alarms }) => {
    if (breaker?.status === 'TRIGGERED') {
        return `the circuit breaker fired after ${breaker.failureCount} of ${breaker.threshold} failed tasks`;
    }
    return alarms?.status === 'TRIGGERED' ? `the alarms fired: ${alarms.triggeredAlarmNames?.join(', ')}` : undefined;
};
/** Tasks of the service in one state. Stopped ones stay visible for about an hour. */
const listTasks = (place, desiredStatus) => listTasksOf(place, { serviceName: place.service, desiredStatus });
/** Without a status: those that are to run. `startedBy` takes no other filter beside it. */
const listTasksOf = async ({ ecs, cluster }, filter) => {
    const arns = [];
    let nextToken;
    do {
        const command = new dist_cjs/* ListTasksCommand */.MYg({ cluster, ...filter, ...(nextToken && { nextToken }) });
        const page = await (0,errors/* call */.T1)('ecs:ListTasks', () => ecs.send(command));
        arns.push(...(page.taskArns ?? []));
        nextToken = page.nextToken;
    } while (nextToken);
    return arns;
};
/** Asks for a hundred tasks at a time, the most that the API takes. An empty list is answered without asking. */
const describeTasks = async ({ ecs, cluster }, arns) => {
    const tasks = [];
    for (let from = 0; from < arns.length; from += 100) {
        const command = new dist_cjs/* DescribeTasksCommand */.z8X({ cluster, tasks: arns.slice(from, from + 100) });
        tasks.push(...((await (0,errors/* call */.T1)('ecs:DescribeTasks', () => ecs.send(command))).tasks ?? []));
    }
    return tasks;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/failures.js



const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
/**
 * Collects what goes wrong in one deployment: each stopped task of ours is read once, its reason is on the screen at
 * once, its last log lines as soon as CloudWatch has them.
 */
const failureWatch = (place, { clock, log }, logs, definition, deploymentId, startedAt) => {
    const known = new Set();
    const seen = [];
    const shownKeys = new Set();
    const tails = new Map();
    const pending = [];
    const shownEvents = new Set();
    let firstFailure;
    /** When ECS made the deployment, by its own clock. */
    let begun;
    const show = (failure) => {
        firstFailure ??= clock.monotonic() - startedAt;
        if (shownKeys.has(failure.key))
            return;
        shownKeys.add(failure.key);
        log.error(`task failed after ${seconds(clock.monotonic() - startedAt)}: ${failure.reason}${failure.remedy ? `. ${failure.remedy}` : ''}`);
        const { container, task, hasRun } = failure;
        if (container !== undefined && hasRun)
            pending.push(showTail(container, task));
    };
    const showTail = async (container, task) => {
        const lines = await logs.tail(definition, container, task);
        tails.set(task, lines);
        log.info(`  last lines of '${container}' in task ${task.split('/').at(-1)}:`);
        for (const line of lines)
            log.info(`  | ${line}`);
    };
    return {
        seen: seen,
        first: () => seen[0]?.reason ?? 'tasks failed',
        /** Reads the stopped tasks that were not read before. */
        read: async () => {
            const fresh = (await listTasks(place, 'STOPPED')).filter((arn) => !known.has(arn));
            for (const task of await describeTasks(place, fresh)) {
                // A task that is being stopped is listed before it says why it ended; it is read again.
                if (task.lastStatus !== 'STOPPED')
                    continue;
                known.add(task.taskArn ?? '');
                const failure = task.startedBy === deploymentId ? failureOf(task) : undefined;
                if (failure)
                    seen.push(failure);
                if (failure)
                    show(failure);
            }
        },
        /** Service events are text for people; nothing is decided on them. Those of before the deployment are not shown. */
        showEvents: (service) => {
            const since = service.deployments?.find(({ id }) => id === deploymentId)?.createdAt ?? begun;
            begun = since;
            for (const event of (service.events ?? []).toReversed()) {
                const isFresh = since !== undefined && event.createdAt !== undefined && event.createdAt >= since;
                const hint = (0,quotas/* quotaHint */.U)('ecs:RunTask', 'event', event.message ?? '');
                if (isFresh && !shownEvents.has(event.id ?? ''))
                    log.info(`  ECS: ${event.message}${hint === undefined ? '' : `; ${hint}`}`);
                shownEvents.add(event.id ?? '');
            }
        },
        finish: async (end) => {
            await Promise.all(pending);
            return { end, causes: groupCauses(seen, tails), ...(firstFailure !== undefined && { firstFailure }) };
        },
    };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/logs.js
const LINES = 20;
const ATTEMPTS = 4;
/** The client is made for the first failure: most deployments never need it. CloudWatch serves what awslogs sent a few seconds later, so an empty answer is asked again. */
const logReader = (open, clock) => ({
    tail: async (definition, container, task) => {
        const stream = streamOf(definition, container, task);
        if (typeof stream === 'string')
            return [stream];
        for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
            const found = await lastLines(await open(), stream);
            if (found.length > 0)
                return found;
            if (attempt < ATTEMPTS)
                await clock.sleep(attempt * 1_000);
        }
        return [`(CloudWatch has no lines in ${stream.logGroupName}, stream ${stream.logStreamName})`];
    },
});
/** awslogs names its streams `prefix/container/task id` (developer guide, using_awslogs.html). */
const streamOf = (definition, container, task) => {
    const { logDriver, options = {} } = definition.containerDefinitions.find(({ name }) => name === container)?.logConfiguration ?? {};
    const group = options['awslogs-group'];
    const prefix = options['awslogs-stream-prefix'];
    if (logDriver !== 'awslogs' || group === undefined || prefix === undefined) {
        return `(no log to show: '${container}' uses ${logDriver ? `the log driver '${logDriver}'` : 'no log driver'}${logDriver === 'awslogs' ? ' without a stream prefix' : ''})`;
    }
    return { logGroupName: group, logStreamName: `${prefix}/${container}/${task.split('/').at(-1)}` };
};
const lastLines = async (logs, stream) => {
    try {
        const { GetLogEventsCommand } = await __webpack_require__.e(/* import() */ 303).then(__webpack_require__.t.bind(__webpack_require__, 303, 19));
        const { events = [] } = await logs.send(new GetLogEventsCommand({ ...stream, limit: LINES, startFromHead: false }));
        return events.map(({ message = '' }) => message);
    }
    catch (error) {
        const { name, message } = error;
        if (name === 'ResourceNotFoundException')
            return [];
        return [`(the log cannot be read: ${name}: ${message})`];
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/prove.js

const prove_ATTEMPTS = 6;
/** What a task may take to start, with a large image too. */
const STARTING_TIME = 300_000;
/** How many times slower it is looked while tasks are starting. */
const UNHURRIED = 3;
/**
 * Reads the running tasks and compares the digest that ECS reports for each container. Looks again for some seconds:
 * the API is eventually consistent, and a task that just replaced another may still be pending. Where a service is scaling
 * out, or a Spot task is being replaced, it looks on until the new tasks run, or one of those that are listed is gone.
 */
const proveDigests = async (place, { clock, pollInterval }, expected, aliases, { signal, deadline = clock.monotonic() + STARTING_TIME } = {}) => {
    let before = [];
    for (let attempt = 1;; attempt += 1) {
        const [service, tasks] = await Promise.all([
            describeService(place),
            listTasks(place, 'RUNNING').then((arns) => describeTasks(place, arns)),
        ]);
        const proof = compareDigests(tasks, service.desiredCount ?? 0, expected, aliases);
        if (proof.proven)
            return proof;
        const pause = attempt < prove_ATTEMPTS ? pollInterval : pollInterval * UNHURRIED;
        if (attempt >= prove_ATTEMPTS) {
            const ended = attempt > prove_ATTEMPTS && before.some(({ taskArn }) => !tasks.some((task) => task.taskArn === taskArn));
            if (!proof.starting || ended || signal?.aborted || clock.monotonic() + pause > deadline)
                return proof;
        }
        before = tasks;
        await clock.sleep(pause, attempt < prove_ATTEMPTS ? undefined : signal);
    }
};
/** Proven when as many tasks run as are asked for, at least one, and each runs what is expected in each container. */
const compareDigests = (tasks, desired, expected, aliases) => {
    const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const digest = runningDigest(running, Object.keys(expected)[0]);
    const found = digest === undefined ? {} : { digest };
    const wrong = running.flatMap((task) => differences(task, expected, aliases));
    if (wrong.length > 0)
        return { proven: false, ...found, problem: wrong.slice(0, 3).join('; ') };
    const wanted = Math.max(desired, 1);
    if (running.length < wanted) {
        const starting = tasks.length >= wanted ? { starting: true } : {};
        return { proven: false, ...found, problem: `${running.length} of ${desired} tasks are running`, ...starting };
    }
    return { proven: true, digest: digest ?? '' };
};
const differences = (task, expected, aliases) => Object.entries(expected).flatMap(([name, digest]) => {
    const actual = task.containers?.find((container) => container.name === name)?.imageDigest;
    if (actual !== undefined && (actual === digest || aliases.get(digest)?.includes(actual)))
        return [];
    return [`task ${task.taskArn?.split('/').at(-1)} runs ${actual ?? 'an unknown digest'} in '${name}', expected ${digest}`];
});
const runningDigest = (tasks, container) => tasks[0]?.containers?.find(({ name }) => name === container)?.imageDigest;
/** Container to digest, read from the tasks that run: for services whose task definition names tags. */
const digestsOfTasks = async (place) => {
    const [task] = await describeTasks(place, (await listTasks(place, 'RUNNING')).slice(0, 1));
    const known = (task?.containers ?? []).flatMap(({ name, imageDigest }) => (name && imageDigest ? [[name, imageDigest]] : []));
    return Object.fromEntries(known);
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/raw.js


/**
 * Task definitions as the API sends them. The SDK's own types drop every field that is newer than the SDK, and a
 * revision that silently loses a field is an outage; so these two calls read and write the JSON of the wire.
 */
const describeTaskDefinition = async (ecs, revision) => {
    let body = '';
    const command = new dist_cjs/* DescribeTaskDefinitionCommand */.Zy$({ taskDefinition: revision, include: ['TAGS'] });
    command.middlewareStack.add((next) => async (args) => {
        const answer = await next(args);
        const response = answer.response;
        if (response.statusCode !== 200)
            return answer;
        const chunks = [];
        for await (const chunk of response.body)
            chunks.push(chunk);
        body = Buffer.concat(chunks).toString('utf8');
        return { ...answer, response: { ...response, body: Buffer.from(body) } };
    }, { step: 'deserialize', priority: 'low', name: 'keepRawTaskDefinition' });
    await (0,errors/* call */.T1)('ecs:DescribeTaskDefinition', () => ecs.send(command));
    const { taskDefinition, tags } = JSON.parse(body);
    return { ...taskDefinition, ...(tags?.length > 0 && { tags }) };
};
/** Resolves to the ARN of the new revision. The client must not retry: the API takes no idempotency token. */
const registerTaskDefinition = async (ecs, definition) => {
    const command = new dist_cjs/* RegisterTaskDefinitionCommand */.$Hl({ family: definition.family, containerDefinitions: [] });
    command.middlewareStack.add((next) => (args) => {
        Object.assign(args.request, { body: JSON.stringify(definition) });
        return next(args);
    }, { step: 'build', priority: 'high', name: 'sendRawTaskDefinition' });
    const { taskDefinition } = await (0,errors/* call */.T1)('ecs:RegisterTaskDefinition', () => ecs.send(command));
    return taskDefinition?.taskDefinitionArn ?? '';
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/revision.js

/** What DescribeTaskDefinition adds and RegisterTaskDefinition does not take (API reference of both). */
const OUTPUT_ONLY = [
    'compatibilities',
    'deleteRequestedAt',
    'deregisteredAt',
    'registeredAt',
    'registeredBy',
    'requiresAttributes',
    'revision',
    'status',
    'taskDefinitionArn',
];
/** The same task definition with other images, ready to be registered. Nothing else changes. */
const withImages = (definition, images) => ({
    ...registrable(definition),
    containerDefinitions: definition.containerDefinitions.map((container) => ({
        ...container,
        image: images[container.name] ?? container.image,
    })),
});
const registrable = (definition) => {
    const kept = Object.entries(definition).filter(([field]) => !OUTPUT_ONLY.includes(field));
    return Object.fromEntries(kept);
};
/** Whether registering `wanted` would make a revision equal to `existing`; the order of keys does not count. */
const sameDefinition = (wanted, existing) => canonical(registrable(wanted)) === canonical(registrable(existing));
const canonical = (value) => {
    if (Array.isArray(value))
        return `[${value.map(canonical).join(',')}]`;
    if (value === null || typeof value !== 'object')
        return JSON.stringify(value) ?? 'null';
    const fields = Object.keys(value).toSorted();
    return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(',')}}`;
};
/** Container to image reference. A wanted image without a container goes to the only one that can be meant. */
const assignImages = (definition, wanted) => {
    const names = definition.containerDefinitions.map((container) => container.name);
    return Object.fromEntries(wanted.map(({ container, image }) => {
        const name = container ?? onlyContainer(definition);
        if (!names.includes(name)) {
            throw new refusal/* Refusal */.P(`the task definition ${definition.family} has no container '${name}', its containers are ${names.join(', ')}; nothing was changed`);
        }
        return [name, image];
    }));
};
/** Container to digest: several containers may be given one image, and each of them is to run it. */
const expectedDigests = (definition, wanted) => Object.fromEntries(wanted.flatMap((each) => Object.keys(assignImages(definition, [each])).map((container) => [container, each.digest])));
/** The container that is meant when none is named: the only one, or the only essential one. */
const onlyContainer = (definition) => {
    const all = definition.containerDefinitions;
    const essential = all.filter((container) => container.essential !== false);
    const only = all.length === 1 ? all[0] : essential.length === 1 ? essential[0] : undefined;
    if (only)
        return only.name;
    const names = all.map((container) => container.name).join(', ');
    throw new refusal/* Refusal */.P(`the task definition ${definition.family} has several essential containers (${names}): say which one gets the image with 'container', or give 'images'; nothing was changed`);
};
const imagesOf = (definition) => Object.fromEntries(definition.containerDefinitions.map((container) => [container.name, container.image]));
/** `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:7` → `FAMILY` */
const familyOf = (revision) => revision.replace(/^.*task-definition\//, '').replace(/:\d+$/, '');

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/read.js






const readService = async (place, wanted) => {
    const service = await describeService(place);
    refuseUnsupported(service);
    const revision = service.taskDefinition ?? '';
    const [current, newest, revisionDigests] = await Promise.all([
        describeTaskDefinition(place.ecs, revision),
        describeTaskDefinition(place.ecs, familyOf(revision)),
        digestsOfRevision(place, service),
    ]);
    const images = assignImages(current, wanted);
    const asked = { ...imagesOf(current), ...images };
    const isWanted = Object.entries(imagesOf(current)).every(([name, image]) => asked[name] === image);
    const serving = await servingDefinition(place, service, current);
    return { service, current, newest, images, running: await runningOf(place, service, serving, isWanted, revisionDigests) };
};
/** The revision that was proven last: that of the completed deployment, where a newer one is still under way. */
const servingDefinition = async (place, service, current) => {
    const completed = service.deployments?.find(({ rolloutState }) => rolloutState === 'COMPLETED')?.taskDefinition;
    if (completed === undefined || completed === current.taskDefinitionArn)
        return current;
    return describeTaskDefinition(place.ecs, completed);
};
const runningOf = async (place, service, serving, isWanted, revisionDigests) => {
    const deployments = service.deployments ?? [];
    const neverCompleted = hasNeverCompleted(service);
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    const isUnderWay = primary?.rolloutState === 'IN_PROGRESS' && (service.desiredCount ?? 0) > 0;
    const images = imagesOf(serving);
    const pinned = pinnedDigests(images);
    const known = Object.keys(pinned).length === Object.keys(images).length ? pinned : { ...revisionDigests, ...pinned };
    const count = service.desiredCount ?? 0;
    return {
        revision: serving.taskDefinitionArn ?? '',
        images,
        digests: Object.keys(known).length > 0 || count === 0 ? known : await digestsOfTasks(place),
        deployments: [...deployments.map(({ id = '' }) => id), ...(neverCompleted ? await earlierDeployments(place) : [])],
        count,
        ...(neverCompleted && isBelowHealthy(service) && { firstStart: true }),
        ...(isUnderWay && { inProgress: { id: primary.id ?? '', wanted: isWanted } }),
        ...platformOf(serving),
        settled: isWanted && !isUnderWay && primary?.rolloutState !== 'FAILED' && count > 0,
    };
};
/** Tasks are asked for, and none of the deployments that ECS lists has ever completed. Behind a Classic Load Balancer they have no state. */
const hasNeverCompleted = ({ desiredCount = 0, deployments = [] }) => desiredCount > 0 &&
    deployments.length > 0 &&
    deployments.every(({ rolloutState }) => rolloutState === 'IN_PROGRESS' || rolloutState === 'FAILED');
/**
 * With as many tasks up as must be healthy, a deployment lets go of those before it, and some seconds pass until it completes:
 * then no other is listed although one ran. With fewer there cannot have been any.
 */
const isBelowHealthy = ({ desiredCount = 0, deployments = [], deploymentConfiguration }) => {
    const running = deployments.reduce((sum, { runningCount = 0 }) => sum + runningCount, 0);
    return running < Math.ceil((desiredCount * (deploymentConfiguration?.minimumHealthyPercent ?? 100)) / 100);
};
const ARCHITECTURES = { X86_64: 'amd64', ARM64: 'arm64' };
/** Fargate runs Linux on X86_64 unless the task definition says otherwise; EC2 capacity may be anything. */
const platformOf = ({ runtimePlatform, requiresCompatibilities }) => {
    const { operatingSystemFamily: family, cpuArchitecture } = (runtimePlatform ?? {});
    const isFargate = Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes('FARGATE');
    const architecture = ARCHITECTURES[cpuArchitecture ?? (isFargate ? 'X86_64' : '')];
    if (architecture === undefined)
        return {};
    return { platform: { os: family?.startsWith('WINDOWS') ? 'windows' : 'linux', architecture } };
};
const pinnedDigests = (images) => Object.fromEntries(Object.entries(images).flatMap(([name, image]) => {
    const digest = image.split('@')[1];
    return digest === undefined ? [] : [[name, digest]];
}));
/** ECS resolves tags once for a service revision. Revisions of before 2024-10-25 cannot be described. */
const digestsOfRevision = async (place, service) => {
    const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => (arn ? [arn] : []));
    if (arns.length !== 1)
        return {};
    try {
        const { serviceRevisions = [] } = await place.ecs.send(new dist_cjs/* DescribeServiceRevisionsCommand */.oF5({ serviceRevisionArns: arns }));
        const known = (serviceRevisions[0]?.containerImages ?? []).flatMap(({ containerName, imageDigest }) => containerName && imageDigest ? [[containerName, imageDigest]] : []);
        return Object.fromEntries(known);
    }
    catch {
        return {};
    }
};
const refuseUnsupported = ({ serviceName, deploymentController, schedulingStrategy }) => {
    const controller = deploymentController?.type ?? 'ECS';
    if (controller !== 'ECS') {
        throw new refusal/* Refusal */.P(`the service '${serviceName}' is deployed by ${controller}; this action deploys services whose deployment controller is ECS`);
    }
    if (schedulingStrategy === 'DAEMON') {
        throw new refusal/* Refusal */.P(`the service '${serviceName}' is a daemon service; this action deploys replica services`);
    }
};

// EXTERNAL MODULE: ./build/actions/deploy-service/src/patience.js
var patience = __webpack_require__(9570);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/earlier.js





/** A container gets at most two minutes to stop on Fargate; the rest is for ECS. */
const STOPPING_TIME = 300_000;
/** By which ECS finds the pre-deploy tasks of one service; it takes 128 characters. */
const starterOf = ({ service }) => `slipway-pre-deploy/${service}`.slice(0, 128);
const stopTask = ({ ecs, cluster }, task, reason) => (0,errors/* call */.T1)('ecs:StopTask', () => ecs.send(new dist_cjs/* StopTaskCommand */.PP1({ cluster, task, reason })));
/** What is said of a task that was not seen to end in that time. */
const stillRuns = (what) => `${what} was asked to stop and still runs after ${STOPPING_TIME / 60_000} minutes; see that it ends, then run this again`;
/** Ends the pre-deploy tasks that a killed run of this service left behind. Resolves to why the next may not be started, if it may not. */
const endEarlier = async (place, { clock, log, pollInterval }, signal) => {
    const arns = await listTasksOf(place, { startedBy: starterOf(place) });
    if (arns.length === 0)
        return undefined;
    const names = arns.map((arn) => arn.split('/').at(-1)).join(', ');
    log.warning(`the pre-deploy command of an earlier run still runs as task ${names}; it is stopped first`);
    for (const arn of arns)
        await stopTask(place, arn, 'a later run of the same command takes its place');
    const deadline = clock.monotonic() + STOPPING_TIME;
    const reading = (0,patience/* patience */._)({ clock, log });
    for (;;) {
        try {
            const tasks = await describeTasks(place, arns);
            if (tasks.every(({ lastStatus }) => lastStatus === 'STOPPED'))
                return undefined;
            reading.relieve();
        }
        catch (error) {
            reading.bear(error);
        }
        if (signal.aborted)
            return `${(0,target/* whyStopped */.k)(signal)} while that of an earlier run was stopping`;
        if (clock.monotonic() > deadline)
            return stillRuns(`that of an earlier run, task ${names},`);
        await clock.sleep(pollInterval, signal);
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/run.js







/** What a command may take, as on hosts. */
const TIME = 1_800_000;
const LATE = `it had not ended after ${TIME / 60_000} minutes`;
/**
 * Runs a command in the service's own network and capacity, and waits for its end. Undefined: it exited with 0. One that a killed
 * run left behind is ended before; two never run side by side.
 */
const runTask = async (place, { clock, log, pollInterval }, logs, service, { command, container, revision, definition, token }, signal) => {
    const run = new dist_cjs/* RunTaskCommand */._eD({
        cluster: place.cluster,
        taskDefinition: revision,
        clientToken: token,
        count: 1,
        startedBy: starterOf(place),
        ...capacityOf(service),
        ...(service.networkConfiguration && { networkConfiguration: service.networkConfiguration }),
        overrides: { containerOverrides: [{ name: container, command: [...command] }] },
    });
    const inTheWay = await endEarlier(place, { clock, log, pollInterval }, signal);
    if (inTheWay !== undefined)
        return { reason: inTheWay, count: 1 };
    const { tasks = [], failures = [] } = await (0,errors/* call */.T1)('ecs:RunTask', () => place.ecs.send(run));
    const arn = tasks[0]?.taskArn;
    if (arn === undefined)
        return { reason: `ECS did not start the task: ${failures[0]?.reason ?? 'no reason given'}`, count: 1 };
    log.info(`  task ${arn.split('/').at(-1)} was started`);
    const { task, late } = await untilStopped(place, arn, { clock, log, pollInterval }, signal);
    if (task === undefined) {
        const why = late ? LATE : (0,target/* whyStopped */.k)(signal);
        return { reason: `${why}: ${stillRuns(`task ${arn.split('/').at(-1)}`)}`, count: 1, container };
    }
    const ended = task.containers?.find(({ name }) => name === container);
    const lines = ended?.exitCode === undefined ? [] : await logs.tail(definition, container, arn);
    for (const line of lines)
        log.info(`  | ${line}`);
    if (late)
        return { reason: `${LATE}, and was stopped`, count: 1, container, log: lines };
    return ended?.exitCode === 0 ? undefined : causeOf(task, ended, container, lines);
};
/** A service has either a launch type or a strategy; RunTask refuses both together. */
const capacityOf = ({ launchType, capacityProviderStrategy, platformVersion }) => ({
    ...(capacityProviderStrategy?.length ? { capacityProviderStrategy } : launchType && { launchType }),
    ...(platformVersion && { platformVersion }),
});
/**
 * When the signal comes, or its time is over, the task is stopped; it may not go on changing things that nobody waits for.
 * Without a task where it does not stop: on a host that ECS no longer hears of it is shown as running for as long as that lasts.
 */
const untilStopped = async (place, arn, { clock, log, pollInterval }, signal) => {
    const reading = (0,patience/* patience */._)({ clock, log });
    const deadline = clock.monotonic() + TIME;
    let stopped;
    for (;;) {
        try {
            const stop = signal.aborted ? 'cancelled' : clock.monotonic() > deadline ? 'late' : undefined;
            if (stop !== undefined && stopped === undefined) {
                await stopTask(place, arn, stop === 'late' ? 'its time is over' : 'the run that started it was cancelled');
                stopped = { why: stop, at: clock.monotonic() };
            }
            const [task] = await describeTasks(place, [arn]);
            if (task?.lastStatus === 'STOPPED')
                return { task, late: stopped?.why === 'late' };
            reading.relieve();
        }
        catch (error) {
            try {
                reading.bear(error);
            }
            catch {
                await stopTask(place, arn, 'the run that started it cannot follow it').catch(() => undefined);
                throw error;
            }
        }
        if (stopped && clock.monotonic() > stopped.at + STOPPING_TIME)
            return { late: stopped.why === 'late' };
        await clock.sleep(pollInterval, signal.aborted ? undefined : signal);
    }
};
const causeOf = (task, ended, container, log) => {
    const failure = failureOf(task);
    const fallback = ended?.exitCode === undefined ? (task.stoppedReason ?? 'it never started') : `exited with ${ended.exitCode}`;
    return {
        reason: failure?.reason ?? `container '${container}': ${fallback}`,
        ...(failure?.remedy !== undefined && { remedy: failure.remedy }),
        count: 1,
        container,
        log,
    };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/start.js






const start_ATTEMPTS = 5;
/**
 * The revision that holds these images: the service's own, or the family's newest where a killed run left exactly it,
 * or a new one. RegisterTaskDefinition takes no token, so a lost answer is looked for among what is registered.
 */
const ensureRevision = async ({ ecs, once }, { clock, log }, current, newest, images) => {
    const wanted = withImages(current, images);
    if (sameDefinition(wanted, current))
        return current.taskDefinitionArn ?? '';
    if (sameDefinition(wanted, newest))
        return newest.taskDefinitionArn ?? '';
    for (let attempt = 1;; attempt += 1) {
        try {
            const revision = await (0,errors/* call */.T1)('ecs:RegisterTaskDefinition', () => registerTaskDefinition(once, wanted));
            log.info(`  registered ${revision.split('/').at(-1)}`);
            return revision;
        }
        catch (error) {
            if (attempt === start_ATTEMPTS || (0,errors/* isNamed */.ev)(error, 'AccessDeniedException'))
                throw error;
            const found = await describeTaskDefinition(ecs, current.family);
            if (sameDefinition(wanted, found))
                return found.taskDefinitionArn ?? '';
            // "Too many concurrent attempts to create a new revision" is a ClientException, which SDKs do not retry.
            if ((0,errors/* isNamed */.ev)(error, 'ClientException') && !/concurrent attempts/.test(error.message))
                throw error;
            await clock.sleep(attempt * 500);
        }
    }
};
/** The service's own configuration with these alarms; nothing where it has them already. */
const withAlarms = ({ deploymentConfiguration: own }, alarmNames) => {
    const { enable = false, rollback = false, alarmNames: before = [] } = own?.alarms ?? {};
    const same = before.length === alarmNames.length && alarmNames.every((name) => before.includes(name));
    if (same && (alarmNames.length === 0 || (enable && rollback)))
        return {};
    const wanted = alarmNames.length > 0;
    return { deploymentConfiguration: { ...own, alarms: { alarmNames: [...alarmNames], enable: wanted, rollback: wanted } } };
};
/**
 * Starts a deployment and resolves to the service as it is then. The API takes no token: where an answer got lost the
 * service tells whether the update was applied. If it was not, it is sent again, as an update to the revision that is set
 * already starts nothing; one that is forced would, and is not repeated. Rejects with `NotStarted` where AWS said no,
 * and where `limits` say that nothing may be started any more before AWS can have applied it.
 */
const updateService = async (place, { clock, log }, before, update, limits) => {
    const command = new dist_cjs/* UpdateServiceCommand */.kZr({
        cluster: place.cluster,
        service: place.service,
        taskDefinition: update.revision,
        ...(update.count !== undefined && { desiredCount: update.count }),
        ...(update.force && { forceNewDeployment: true }),
        ...(update.alarms && withAlarms(before, update.alarms)),
    });
    let mayBeApplied = false;
    command.middlewareStack.add((next) => async (args) => {
        // What may have been started already is not left unseen: it is started for certain, and then stopped and followed back.
        if (limits && !mayBeApplied)
            (0,not_started/* refuseLateStart */.P)(limits, { clock });
        return next(args);
    }, 
    // In this step it runs again for each attempt to repeat a call that was throttled.
    { step: 'build', name: 'askBeforeStarting' });
    for (let attempt = 1;; attempt += 1) {
        try {
            const { service } = await (0,errors/* call */.T1)('ecs:UpdateService', () => place.once.send(command));
            return service ?? (await describeService(place));
        }
        catch (error) {
            const { cause } = error;
            if (cause instanceof not_started/* NotStarted */.R)
                throw cause;
            if (!(0,errors/* isPassing */.WG)(error))
                throw new not_started/* NotStarted */.R(error.message, { cause: error });
            mayBeApplied ||= !(0,errors/* isThrottled */.B5)(error);
            const after = (0,errors/* isThrottled */.B5)(error) ? undefined : await describeService(place).catch(() => undefined);
            if (after && after.taskDefinition === update.revision && primaryOf(after) !== primaryOf(before))
                return after;
            if (attempt === start_ATTEMPTS || (update.force && !(0,errors/* isThrottled */.B5)(error)))
                throw error;
            log.info(`  ${error.message}; sending it again`);
            await clock.sleep(attempt * 500);
        }
    }
};
const primaryOf = (service) => service.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? '';

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/verdict.js
/**
 * What is happening to our deployment; `before` are the deployments that were listed before ours was started.
 * Ends of a service deployment (developer guide, service-deployment.html). There is no status FAILED. The order of the
 * questions matters: a deployment that was stopped because its circuit breaker fired also looks superseded.
 */
const verdictOf = (look, ourId, before) => {
    const { serviceDeployment: deployment, primary } = look;
    if (deployment === undefined)
        return withoutServiceDeployment(look, ourId, before);
    const reason = reasonOf(deployment);
    switch (deployment.status) {
        case 'SUCCESSFUL':
            return { state: 'completed' };
        case 'ROLLBACK_SUCCESSFUL':
            return { state: 'failed', restored: true, reason };
        case 'ROLLBACK_FAILED':
            // A newer deployment ends a rollback as well.
            return isThird(primary, ourId, before) ? { state: 'superseded', by: primary } : { state: 'failed', restored: false, reason };
        case 'ROLLBACK_REQUESTED':
        case 'ROLLBACK_IN_PROGRESS':
            return { state: 'rolling-back', reason };
        case 'STOP_REQUESTED':
        case 'STOPPED': {
            if (deployment.triggered === undefined && isReplaced(look, deployment.arn, ourId, before)) {
                return { state: 'superseded', by: primary };
            }
            return deployment.status === 'STOPPED' ? { state: 'failed', restored: false, reason } : { state: 'running' };
        }
        default:
            // With a breaker that does not roll back, FAILED stands here while the service deployment is still open.
            return look.ours?.rolloutState === 'FAILED'
                ? { state: 'failed', restored: false, reason: look.ours.rolloutStateReason }
                : { state: 'running' };
    }
};
/** ECS does not name the alarms in its own words. */
const reasonOf = ({ triggered, rollbackReason, statusReason, status }) => {
    if (triggered !== undefined && rollbackReason !== undefined && !rollbackReason.includes(triggered))
        return `${triggered} (${rollbackReason})`;
    return rollbackReason ?? triggered ?? (statusReason || `ECS says ${status}`);
};
/** `currentServiceDeployment` may lag behind a newer deployment, so a third PRIMARY is proof as well. */
const isReplaced = (look, arn, ourId, before) => (look.current !== undefined && look.current !== arn && !before.includes(look.primary)) || isThird(look.primary, ourId, before);
/** Neither ours nor one that was there before: somebody else's. */
const isThird = (primary, ourId, before) => primary !== '' && primary !== ourId && !before.includes(primary);
/** The poorer view, for roles that may not read service deployments and for the moments before one is listed. */
const withoutServiceDeployment = (look, ourId, before) => {
    const { ours, seen, primary, primaryCompleted } = look;
    if (primary === ourId && ours?.rolloutState === 'COMPLETED')
        return { state: 'completed' };
    if (primary === ourId && ours?.rolloutState === 'FAILED')
        return { state: 'failed', restored: false, reason: ours.rolloutStateReason };
    if (primary === ourId || !seen)
        return { state: 'running' };
    if (!before.includes(primary))
        return { state: 'superseded', by: primary };
    const reason = ours?.rolloutStateReason || 'ECS went back to the previous deployment';
    const gone = ours === undefined || ours.rolloutState === 'FAILED';
    return primaryCompleted && gone ? { state: 'failed', restored: true, reason } : { state: 'rolling-back', reason };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/progress.js
/** Words of events that only prompt a closer look; nothing is decided on them. */
const TROUBLE = /unable|unhealthy|failed/;
const STARTED = /has started (\d+) tasks/;
const progressOf = (service, id, before) => {
    const { deployments = [], events = [] } = service;
    const ours = deployments.find((deployment) => deployment.id === id);
    const known = events.findIndex((event) => event.id === before?.newestEvent);
    const fresh = before === undefined ? [] : events.slice(0, known === -1 ? undefined : known);
    const started = fresh.reduce((sum, { message = '' }) => sum + Number(STARTED.exec(message)?.[1] ?? 0), before?.started ?? 0);
    return {
        rolloutState: ours?.rolloutState ?? 'missing',
        failedTasks: ours?.failedTasks ?? 0,
        running: ours?.runningCount ?? 0,
        pending: ours?.pendingCount ?? 0,
        primary: deployments.find(({ status }) => status === 'PRIMARY')?.id ?? '',
        newestEvent: events[0]?.id ?? '',
        newestTrouble: events.find(({ message = '' }) => TROUBLE.test(message))?.id ?? '',
        started,
    };
};
/** How long the secondary calls may rest while nothing changes: each costs two requests of an account-wide bucket. */
const REST = 90_000;
/**
 * DescribeServices is asked at every look, the rest only when it can have something new to say: a task of ours that
 * failed or vanished, a state that moved. A task that dies after RUNNING without a health check never counts as failed
 * (containers-roadmap#1206); it shows as a running count that falls, or by more tasks that were started than there are more of.
 */
const closerLook = (before, now, sinceLast) => {
    if (before === undefined)
        return { deployment: true, tasks: false };
    const failed = now.failedTasks > before.failedTasks;
    const replaced = now.started - before.started > now.running + now.pending - before.running - before.pending;
    const vanished = now.running < before.running || now.newestTrouble !== before.newestTrouble || replaced;
    const moved = now.rolloutState !== before.rolloutState || now.primary !== before.primary;
    const rested = sinceLast >= REST;
    return { deployment: failed || moved || rested, tasks: failed || vanished || moved || rested };
};
const changed = (before, now) => before === undefined || Object.keys(now).some((key) => before[key] !== now[key]);
/** What one line on the screen says of a deployment under way. */
const progressLine = (service, id) => {
    const ours = service.deployments?.find((deployment) => deployment.id === id);
    const others = service.deployments?.filter((deployment) => deployment.id !== id) ?? [];
    const old = others.reduce((sum, deployment) => sum + (deployment.runningCount ?? 0), 0);
    const failed = ours?.failedTasks ? `, ${ours.failedTasks} failed` : '';
    return `new: ${ours?.runningCount ?? 0} of ${ours?.desiredCount ?? 0} running, ${ours?.pendingCount ?? 0} pending${failed}; old: ${old} running`;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/stop.js



const announcement = (stop) => {
    if (stop.why === 'cancelled')
        return stop.because;
    return stop.why === 'timed-out' ? "the time given by 'timeout' is over" : 'it cannot succeed';
};
/**
 * Asks ECS to go back, if the deployment is still ours and open. `impossible`: this service or role has no such call,
 * and the caller must put the previous revision back itself. A deployment that ended meanwhile is left as it is.
 */
const stopDeployment = async (place, { log }, known, id, reason) => {
    try {
        const arn = known ?? (await findServiceDeployment(place, id));
        if (arn === undefined)
            return 'impossible';
        const look = await describeServiceDeployment(place, arn);
        if (look?.status !== 'PENDING' && look?.status !== 'IN_PROGRESS')
            return 'over';
        const command = new dist_cjs/* StopServiceDeploymentCommand */.a8L({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
        await (0,errors/* call */.T1)('ecs:StopServiceDeployment', () => place.ecs.send(command));
        log.warning(`${announcement(reason)}: ECS was asked to stop the deployment and to go back`);
        return 'requested';
    }
    catch (error) {
        if ((0,errors/* isNamed */.ev)(error, 'ConflictException'))
            return 'over';
        if (!(0,errors/* isNamed */.ev)(error, 'AccessDeniedException', 'UnsupportedFeatureException', 'ServiceDeploymentNotFoundException'))
            throw error;
        log.warning(`${error.message}; the previous revision is put back by a further deployment instead`);
        return 'impossible';
    }
};
/** What a verdict means after we asked for a stop. A deployment that completed all the same has completed. */
const endOf = (stop, verdict) => {
    if (verdict.state !== 'failed' || stop === undefined)
        return verdict;
    const { state: _, reason, ...back } = verdict;
    return stop.why === 'failing' ? { state: 'failed', ...back, reason: stop.reason } : { state: stop.why, ...back };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/watch.js








/** What a rollback may take after the deployment's own time is over. */
const ROLLBACK_TIME = 900_000;
const watchDeployment = async (place, tools, logs, definition, deployment, options) => {
    const { clock, log, pollInterval } = tools;
    const startedAt = clock.monotonic();
    const failures = failureWatch(place, tools, logs, definition, deployment.id, startedAt);
    const before = deployment.previous.deployments;
    const until = options.deadline + (options.leaveAtDeadline ? 0 : ROLLBACK_TIME);
    let progress;
    let stop;
    let arn;
    let look;
    let lastCloser = startedAt;
    const reading = (0,patience/* patience */._)(tools);
    let serviceDeployments = true;
    let seen = false;
    const readServiceDeployment = async () => {
        if (!serviceDeployments)
            return;
        try {
            arn ??= await findServiceDeployment(place, deployment.id);
            look = arn === undefined ? undefined : await describeServiceDeployment(place, arn);
        }
        catch (error) {
            if (error.name !== 'AccessDeniedException')
                throw error;
            // What was seen before the refusal must not be taken for what is now.
            look = undefined;
            serviceDeployments = false;
            log.notice(`${error.message}; without it this action sees less of why a deployment fails`);
        }
    };
    /** `causes`: what is read of failed tasks meanwhile; how the deployment stands does not depend on it, and is said before. */
    const see = async () => {
        const service = await describeService(place);
        const now = progressOf(service, deployment.id, progress);
        const closer = closerLook(progress, now, clock.monotonic() - lastCloser);
        const due = closer.deployment || stop !== undefined || (serviceDeployments && arn === undefined);
        const causes = closer.tasks ? failures.read() : undefined;
        // Whoever awaits it sees it fail.
        causes?.catch(() => undefined);
        if (due)
            await readServiceDeployment();
        if (closer.deployment || closer.tasks)
            lastCloser = clock.monotonic();
        if (changed(progress, now)) {
            if (progressText(progress) !== progressText(now))
                log.info(`  ${progressLine(service, deployment.id)}`);
            failures.showEvents(service);
        }
        progress = now;
        seen ||= now.rolloutState !== 'missing';
        // The service was read before its deployment: who stopped that shows in what the service says now.
        const latest = look?.status === 'STOPPED' ? await describeService(place) : service;
        return { verdict: verdictOf(watch_lookAt(latest, deployment.id, seen, look), deployment.id, before), causes };
    };
    const mustStop = () => {
        if (options.signal.aborted)
            return { why: 'cancelled', because: (0,target/* whyStopped */.k)(options.signal) };
        if (clock.monotonic() > options.deadline && !options.leaveAtDeadline)
            return { why: 'timed-out' };
        const { failFast } = options;
        return failFast !== undefined && isHopeless(failures.seen, failFast)
            ? { why: 'failing', reason: failures.first() }
            : undefined;
    };
    /** For the story only: the verdict stands, whether the reasons can be read or not. */
    const lastFailures = () => failures.read().catch(() => undefined);
    let announced = false;
    let isReturning = false;
    for (;;) {
        let verdict = { state: 'running' };
        const looked = clock.monotonic();
        try {
            const wanted = stop === undefined ? mustStop() : undefined;
            if (wanted) {
                const stopped = await stopDeployment(place, tools, arn, deployment.id, wanted);
                stop = wanted;
                isReturning = stopped === 'requested';
                if (stopped === 'impossible')
                    return failures.finish(endOf(wanted, { state: 'failed', restored: false, reason: '' }));
            }
            const saw = await see();
            verdict = saw.verdict;
            isReturning ||= verdict.state === 'rolling-back';
            if (verdict.state === 'rolling-back' && !announced) {
                announced = true;
                log.error(`the deployment failed: ${verdict.reason}; ECS is going back to what ran before`);
                await (saw.causes ?? lastFailures());
            }
            if (verdict.state !== 'completed' && verdict.state !== 'superseded')
                await saw.causes;
            reading.relieve();
        }
        catch (error) {
            reading.bear(error);
        }
        if (verdict.state !== 'running' && verdict.state !== 'rolling-back') {
            if (verdict.state === 'failed')
                await lastFailures();
            return failures.finish(endOf(stop, verdict));
        }
        if (clock.monotonic() > until) {
            const back = { restored: false, ...(isReturning && { returning: true }) };
            return failures.finish(endOf(stop ?? { why: 'timed-out' }, { state: 'failed', ...back, reason: 'the rollback did not end' }));
        }
        // From look to look, not from the end of one to the next; a cancelled job is not kept waiting for either.
        const pause = Math.max(looked + pollInterval - clock.monotonic(), pollInterval / 10);
        await clock.sleep(pause, stop === undefined && !reading.isTried() ? options.signal : undefined);
    }
};
const watch_lookAt = (service, id, seen, serviceDeployment) => {
    const deployments = service.deployments ?? [];
    const ours = deployments.find((deployment) => deployment.id === id);
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    return {
        ours: ours && { rolloutState: ours.rolloutState ?? '', rolloutStateReason: ours.rolloutStateReason ?? '' },
        seen,
        primary: primary?.id ?? '',
        primaryCompleted: primary?.rolloutState === 'COMPLETED',
        serviceDeployment,
        current: service.currentServiceDeployment,
    };
};
const progressText = (progress) => progress ? `${progress.running} ${progress.pending} ${progress.failedTasks}` : '';

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ecs/target.js














/** An ECS service with the rolling deployment controller, on Fargate or EC2 capacity. */
const ecsTarget = async (session, tools, options) => {
    const { ECSClient } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 212, 19));
    const place = {
        ecs: session.client(ECSClient),
        once: session.clientWithoutRetry(ECSClient),
        cluster: options.cluster,
        service: options.service,
    };
    const logs = logReader(async () => session.client((await __webpack_require__.e(/* import() */ 303).then(__webpack_require__.t.bind(__webpack_require__, 303, 19))).CloudWatchLogsClient), tools.clock);
    let reading;
    let revision;
    const read = async (wanted) => {
        reading ??= await readService(place, wanted);
        return reading;
    };
    const wantedRevision = async (wanted) => {
        const { current, newest, images } = await read(wanted);
        revision ??= ensureRevision(place, tools, current, newest, images);
        return revision;
    };
    return {
        read: async (wanted) => {
            reading = undefined;
            revision = undefined;
            return (await read(wanted)).running;
        },
        runOnce: async (command, wanted, _running, signal) => {
            const { service, current, images } = await read(wanted);
            const container = Object.keys(images)[0] ?? '';
            const token = (0,external_node_crypto_.createHash)('sha256').update(`${options.run} ${place.service} ${images[container]}`).digest('hex');
            const oneOff = { command, container, revision: await wantedRevision(wanted), definition: current, token };
            return runTask(place, tools, logs, service, oneOff, signal);
        },
        start: async (wanted, running, count, limits) => {
            const { service } = await read(wanted);
            const wantedNow = await wantedRevision(wanted).catch((error) => {
                throw new not_started/* NotStarted */.R(error.message, { cause: error });
            });
            const update = {
                revision: wantedNow,
                count,
                force: wantedNow === service.taskDefinition,
                ...(options.alarms && { alarms: options.alarms }),
            };
            const after = await updateService(place, tools, service, update, limits);
            return deploymentOf(primaryOf(after), wantedNow, running, tools);
        },
        attach: async (running) => deploymentOf(running.inProgress?.id ?? '', reading?.service.taskDefinition ?? '', running, tools),
        watch: async (deployment, watchOptions) => {
            const definition = reading?.current ?? (await describeTaskDefinition(place.ecs, deployment.revision));
            return watchDeployment(place, tools, logs, definition, deployment, watchOptions);
        },
        causes: async (deployment) => {
            const definition = reading?.current ?? (await describeTaskDefinition(place.ecs, deployment.revision));
            const startedAt = tools.clock.monotonic() - (tools.clock.now() - deployment.startedAt);
            const failures = failureWatch(place, tools, logs, definition, deployment.id, startedAt);
            await failures.read();
            return (await failures.finish({ state: 'completed' })).causes;
        },
        restore: async (running, ours, deadline) => {
            const begun = tools.clock.monotonic();
            const before = await describeService(place);
            const primary = primaryOf(before);
            if (isThird(primary, ours, running.deployments))
                return `${primary}, which this run did not start, is left alone`;
            const force = before.taskDefinition === running.revision;
            const count = (0,target/* ranBefore */.$)(running) ? undefined : 0;
            const after = await updateService(place, tools, before, { revision: running.revision, count, force });
            if (count === 0)
                return undefined;
            const listed = { ...running, deployments: (before.deployments ?? []).map(({ id = '' }) => id) };
            const deployment = deploymentOf(primaryOf(after), running.revision, listed, tools);
            const definition = await describeTaskDefinition(place.ecs, running.revision);
            // Nothing stops a way back: ECS would return to what completed last, which is what this goes back from.
            const never = new AbortController().signal;
            const watching = { signal: never, deadline, failFast: undefined, leaveAtDeadline: true };
            const { end } = await watchDeployment(place, tools, logs, definition, deployment, watching);
            if (end.state === 'completed')
                return undefined;
            if (end.state !== 'timed-out')
                return `the way back ended as ${end.state}${'reason' in end ? `: ${end.reason}` : ''}`;
            const took = Math.round((tools.clock.monotonic() - begun) / 1000);
            return `the way back had not ended after ${took} s; it goes on`;
        },
        prove: (expected, aliases, _, limits) => proveDigests(place, tools, expected, aliases, limits),
        expected: (wanted) => (reading === undefined ? {} : expectedDigests(reading.current, wanted)),
    };
};
const deploymentOf = (id, revision, previous, { clock }) => ({
    id,
    revision,
    previous,
    startedAt: clock.now(),
});


/***/ })

};
