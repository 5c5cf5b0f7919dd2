export const id = 72;
export const ids = [72];
export const modules = {

/***/ 72:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  lambdaTarget: () => (/* binding */ lambdaTarget)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/registry.js
var src_registry = __webpack_require__(8630);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-lambda/dist-cjs/index.js
var dist_cjs = __webpack_require__(1696);
// EXTERNAL MODULE: ./build/lib/aws/errors.js
var aws_errors = __webpack_require__(2811);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/functions.js


const latest = '$LATEST';
/** Rejects with `ResourceNotFoundException` where there is no such function or version. */
const readCode = async ({ lambda }, name, version = latest) => {
    const qualifier = version === latest ? {} : { Qualifier: version };
    const answer = await (0,aws_errors/* call */.T1)('lambda:GetFunction', () => lambda.send(new dist_cjs/* GetFunctionCommand */.YF5({ FunctionName: name, ...qualifier })));
    return codeOf(answer.Configuration ?? {}, answer.Code?.ResolvedImageUri);
};
const codeOf = (configuration, image = '') => ({
    version: configuration.Version ?? latest,
    digest: `sha256:${configuration.CodeSha256 ?? ''}`,
    image,
    revisionId: configuration.RevisionId ?? '',
    state: configuration.State ?? '',
    update: configuration.LastUpdateStatus ?? '',
    configuration,
});
/** Undefined where the function has no such alias. */
const readAlias = async ({ lambda, alias }, name) => {
    try {
        const command = new dist_cjs/* GetAliasCommand */.MES({ FunctionName: name, Name: alias });
        const answer = await (0,aws_errors/* call */.T1)('lambda:GetAlias', () => lambda.send(command));
        const given = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
        const weights = Object.fromEntries(given.filter(([, weight]) => weight > 0));
        return { version: answer.FunctionVersion ?? '', weights, revisionId: answer.RevisionId ?? '' };
    }
    catch (error) {
        if ((0,aws_errors/* isNamed */.ev)(error, 'ResourceNotFoundException'))
            return undefined;
        throw error;
    }
};
const sameRouting = (one, other) => one === other ||
    (one !== undefined &&
        other !== undefined &&
        one.version === other.version &&
        Object.keys({ ...one.weights, ...other.weights }).every((version) => one.weights[version] === other.weights[version]));
/** `IN_PROGRESS`, `READY` or `FAILED` with its reason, of an alias or a version; undefined where none is configured. */
const readProvisioned = async ({ lambda }, name, qualifier) => {
    try {
        const command = new dist_cjs/* GetProvisionedConcurrencyConfigCommand */.D96({ FunctionName: name, Qualifier: qualifier });
        const answer = await (0,aws_errors/* call */.T1)('lambda:GetProvisionedConcurrencyConfig', () => lambda.send(command));
        return { status: answer.Status ?? '', reason: answer.StatusReason ?? '' };
    }
    catch (error) {
        if ((0,aws_errors/* isNamed */.ev)(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException'))
            return undefined;
        throw error;
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/health.js

const MINUTE = 60_000;
const healthOf = ({ alias, alarms, client }, { log, clock }) => {
    let ringing = new Set();
    let mayReadErrors = true;
    const readAlarms = async () => {
        if (alarms.length === 0)
            return new Map();
        const { DescribeAlarmsCommand } = await __webpack_require__.e(/* import() */ 85).then(__webpack_require__.t.bind(__webpack_require__, 4085, 19));
        const cloudWatch = await client();
        const states = new Map();
        for (let NextToken;;) {
            const AlarmTypes = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];
            const command = new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes, ...(NextToken && { NextToken }) });
            const answer = await (0,aws_errors/* call */.T1)('cloudwatch:DescribeAlarms', () => cloudWatch.send(command));
            const { MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] } = answer;
            for (const { AlarmName = '', StateValue = '' } of [...MetricAlarms, ...CompositeAlarms, ...LogAlarms])
                states.set(AlarmName, StateValue);
            NextToken = answer.NextToken;
            if (NextToken === undefined)
                return states;
        }
    };
    /** Sum of the errors of each version under the alias (Lambda guide, metrics: dimensions Resource and ExecutedVersion). */
    const readErrors = async (versions, since, until) => {
        const { GetMetricDataCommand } = await __webpack_require__.e(/* import() */ 85).then(__webpack_require__.t.bind(__webpack_require__, 4085, 19));
        const cloudWatch = await client();
        const command = new GetMetricDataCommand({
            StartTime: new Date(Math.floor(since / MINUTE) * MINUTE),
            EndTime: new Date(until + MINUTE),
            MetricDataQueries: versions.map(({ name, version }, index) => ({
                Id: `errors${index}`,
                MetricStat: {
                    Metric: {
                        Namespace: 'AWS/Lambda',
                        MetricName: 'Errors',
                        Dimensions: [
                            { Name: 'FunctionName', Value: name },
                            { Name: 'Resource', Value: `${name}:${alias}` },
                            { Name: 'ExecutedVersion', Value: version },
                        ],
                    },
                    Period: 60,
                    Stat: 'Sum',
                },
            })),
        });
        const { MetricDataResults = [], Messages = [] } = await (0,aws_errors/* call */.T1)('cloudwatch:GetMetricData', () => cloudWatch.send(command));
        return new Map(versions.map(({ name }, index) => {
            const { Values = [], ...result } = MetricDataResults.find(({ Id }) => Id === `errors${index}`) ?? {};
            if (result.StatusCode !== 'Complete')
                throw incomplete([...(result.Messages ?? []), ...Messages], result.StatusCode);
            return [name, Values.reduce((sum, value) => sum + value, 0)];
        }));
    };
    const errors = async (versions, since) => {
        if (!mayReadErrors)
            return undefined;
        try {
            return errorsProblem(versions, await readErrors(versions, since, clock.now()));
        }
        catch (error) {
            if (!(0,aws_errors/* isNamed */.ev)(error, 'AccessDeniedException', 'AccessDenied'))
                throw error;
            mayReadErrors = false;
            log.notice(`${error.message}; without it errors of the new version do not stop the traffic`);
            return undefined;
        }
    };
    return {
        missing: async () => missing(alarms, await readAlarms()),
        begin: async () => {
            const states = await readAlarms();
            const problem = missing(alarms, states);
            if (problem !== undefined)
                throw new Error(problem);
            ringing = new Set(alarms.filter((alarm) => states.get(alarm) === 'ALARM'));
            for (const alarm of ringing)
                log.warning(`the alarm '${alarm}' is in ALARM before any traffic is moved; it is looked at once it has ended`);
        },
        problem: async (versions, since) => {
            const [states, failed] = await Promise.all([readAlarms(), errors(versions, since)]);
            const gone = missing(alarms, states);
            if (gone !== undefined)
                return gone;
            const fired = alarms.filter((alarm) => states.get(alarm) === 'ALARM' && !ringing.has(alarm));
            ringing = new Set([...ringing].filter((alarm) => states.get(alarm) === 'ALARM'));
            return fired.length > 0 ? `the alarms fired: ${fired.join(', ')}` : failed;
        },
    };
};
const missing = (alarms, states) => {
    const names = alarms.filter((alarm) => !states.has(alarm)).map((alarm) => `'${alarm}'`);
    return names.length === 0 ? undefined : `there is no alarm ${names.join(', ')}`;
};
/** No answer is not the answer that there were no errors. What CloudWatch could not read it may read the next time. */
const incomplete = (messages, status = 'no answer') => {
    const said = messages.map(({ Code = '', Value = '' }) => ` (${Code}: ${Value})`).join('');
    const error = new Error(`cloudwatch:GetMetricData could not tell the errors of the new version: ${status}${said}`);
    error.name = status === 'Forbidden' ? status : 'InternalError';
    return error;
};
const errorsProblem = (versions, sums) => {
    const failing = versions.filter(({ name }) => (sums.get(name) ?? 0) > 0);
    if (failing.length === 0)
        return undefined;
    const said = failing.map(({ name, version }) => `${sums.get(name)} of version ${version} of ${name}`);
    return `CloudWatch counts errors: ${said.join(', ')}`;
};

// EXTERNAL MODULE: ./build/actions/deploy-service/src/patience.js
var patience = __webpack_require__(9570);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/pace.js

/** The job was cancelled, or the time of the deployment is over. */
class Stopped extends Error {
    name = 'Stopped';
}
/** Somebody else has changed what this deployment was changing. The message says what stands there now. */
class Superseded extends Error {
    name = 'Superseded';
}
/** It did not work, and that is certain: the cause says why. */
class Failed extends Error {
    name = 'Failed';
    trouble;
    constructor(trouble, options) {
        super(trouble.reason, options);
        this.trouble = trouble;
    }
}
/** What a return may take where the deployment's own limits say stop. */
const FREE = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
const paceOf = (tools, { signal, deadline }) => {
    const { clock, pollInterval } = tools;
    const check = () => {
        if (signal.aborted)
            throw new Stopped('it was cancelled');
        if (clock.monotonic() > deadline)
            throw new Stopped('its time is over');
    };
    const pause = async (milliseconds = pollInterval) => {
        await clock.sleep(milliseconds, signal);
        check();
    };
    return {
        check,
        pause,
        read: async (ask) => {
            const reading = (0,patience/* patience */._)(tools);
            for (;;) {
                try {
                    return await ask();
                }
                catch (error) {
                    reading.bear(error);
                    await pause();
                }
            }
        },
    };
};
/** Works on all at once and waits for each of them, so that nothing goes on unseen; the gravest of what went wrong is thrown. */
const together = async (all, work, onFirst) => {
    const settled = await Promise.allSettled(all.map((each) => work(each).catch((error) => {
        onFirst?.();
        throw error;
    })));
    const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const gravest = errors.toSorted((one, other) => gravity(one) - gravity(other))[0];
    if (gravest !== undefined)
        throw gravest;
    return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
};
const gravity = (error) => {
    if (error instanceof Superseded)
        return 1;
    if (error instanceof Failed)
        return 2;
    return error instanceof Stopped ? 3 : 0;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/reasons.js
/** The statement that Lambda needs in the policy of a repository (Lambda guide, Amazon ECR permissions). */
const repositoryPolicy = ({ arn }) => {
    const [, , , , account = ''] = arn.split(':');
    const Action = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
    const service = {
        Sid: 'LambdaPull',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action,
        Condition: { ArnLike: { 'aws:SourceArn': arn } },
    };
    const caller = { Sid: 'AccountPull', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action };
    return JSON.stringify([service, caller]);
};
const ACCESS = (about) => `Add to the policy of the repository of ${about.image} (the second statement where it is in another account): ${repositoryPolicy(about)}`;
const GONE = 'The image is no longer in its repository, as after a lifecycle rule: keep what is deployed by a tag that no rule expires, and deploy an image that is there';
const IMAGE = 'Look at the entry point, command and working directory of the image, and at the platform that it is built for';
const CODE = 'The code failed while it was started: see its log lines';
const KEY = "Look at the function's execution role, and at the key that encrypts its environment";
const NETWORK = "Look at the function's subnets, security groups and file systems";
const SERVICE = 'A fault or a limit on the side of AWS: run the job again';
/** By the codes of AWS; those that end in `*` stand for all that begin so. */
const REMEDIES = {
    ImageAccessDenied: ACCESS,
    ImageDeleted: GONE,
    InvalidImage: IMAGE,
    'FunctionError.InvalidEntryPoint': IMAGE,
    'FunctionError.InvalidWorkingDirectory': IMAGE,
    'FunctionError.PermissionDenied': IMAGE,
    'FunctionError*': CODE,
    InsufficientRolePermissions: KEY,
    'KMSKey*': KEY,
    DisabledKMSKey: KEY,
    InvalidStateKMSKey: KEY,
    InvalidSubnet: NETWORK,
    InvalidSecurityGroup: NETWORK,
    SubnetOutOfIPAddresses: NETWORK,
    EniLimitExceeded: NETWORK,
    DisallowedByVpcEncryptionControl: NETWORK,
    'EFS*': NETWORK,
    InternalError: SERVICE,
    DependencyError: SERVICE,
    ServiceQuotaExceededException: SERVICE,
    EC2RequestLimitExceeded: SERVICE,
    InsufficientCapacity: SERVICE,
    VcpuLimitExceeded: SERVICE,
    CapacityProviderScalingLimitExceeded: SERVICE,
};
const remedyOf = (code) => REMEDIES[code] ?? Object.entries(REMEDIES).find(([key]) => key.endsWith('*') && code.startsWith(key.slice(0, -1)))?.[1];
/** A failure on AWS's side: the same update may succeed when it is asked for again. */
const isPassingCode = (code) => remedyOf(code) === SERVICE;
/** The code of what went wrong with an update, or with making a version ready. */
const reasonCode = ({ update, configuration }) => (update === 'Failed' ? configuration.LastUpdateStatusReasonCode : configuration.StateReasonCode) ?? '';
/** Why an update failed, or a version did not become active, in AWS's words with the code, and what to do. */
const causeOf = (name, code, about) => {
    const { configuration, update, state } = code;
    const text = (update === 'Failed' ? configuration.LastUpdateStatusReason : configuration.StateReason) ?? 'AWS gives no reason';
    const reason = reasonCode(code);
    const what = update === 'Failed' ? 'the update failed' : `version ${code.version} is ${state}`;
    return cause(name, `${name}: ${what}: ${text}${reason === '' ? '' : ` (${reason})`}`, remedyOf(reason), about);
};
/** Lambda checks some of it before it accepts an update; then it answers in a sentence and without a code. */
const causeOfRefusal = (name, message, about) => {
    if (about === undefined)
        return cause(name, `${name}: ${message}`, undefined, { arn: '', image: '' });
    if (/permission to access the ECR image/.test(message))
        return cause(name, `${name}: ${message}`, ACCESS, about);
    if (/Source image .* does not exist/.test(message))
        return cause(name, `${name}: ${message}`, GONE, about);
    return cause(name, `${name}: ${message}`, undefined, about);
};
const cause = (container, reason, remedy, about) => ({
    reason,
    count: 1,
    container,
    ...(remedy !== undefined && { remedy: typeof remedy === 'string' ? remedy : remedy(about) }),
});

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/state.js

/** Nothing of `$LATEST` can be changed or published while this is so. */
const isBusy = ({ state, update }) => update === 'InProgress' || state === 'Pending';
/** The code that is there runs. An idle function is made ready by its next invocation, one whose image is gone never. */
const isSound = ({ state, update, configuration }) => update !== 'Failed' &&
    update !== 'InProgress' &&
    (state === 'Active' || state === '' || (state === 'Inactive' && configuration.StateReasonCode !== 'ImageDeleted'));
/** What differs between `$LATEST` and a version of it without anybody having configured it. */
const OF_A_VERSION = new Set([
    'FunctionArn',
    'Version',
    'MasterArn',
    'RevisionId',
    'LastModified',
    'Description',
    'CodeSha256',
    'CodeSize',
    'ConfigSha256',
    'State',
    'StateReason',
    'StateReasonCode',
    'LastUpdateStatus',
    'LastUpdateStatusReason',
    'LastUpdateStatusReasonCode',
    'RuntimeVersionConfig',
    'SigningJobArn',
    'SigningProfileVersionArn',
    'SnapStart',
]);
/**
 * Whether `$LATEST` and a version are configured alike. `ConfigSha256` says so where it is equal; where it is not, that
 * may be for what no two versions have in common, so the fields decide.
 */
const sameConfiguration = (one, other) => (one.ConfigSha256 !== undefined && one.ConfigSha256 === other.ConfigSha256) || configured(one) === configured(other);
const configured = (configuration) => JSON.stringify(sorted(Object.fromEntries(Object.entries(configuration).filter(([key]) => !OF_A_VERSION.has(key)))));
const sorted = (value) => {
    if (Array.isArray(value))
        return value.map(sorted);
    if (typeof value !== 'object' || value === null)
        return value;
    const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
};
/** The command that the function is configured to run differs from the one that was planned: infrastructure sets it. */
const commandDiffers = ({ configuration }, command) => command !== undefined &&
    JSON.stringify(configuration.ImageConfigResponse?.ImageConfig?.Command ?? []) !== JSON.stringify(command);
/** In AWS's words. Codes are open strings. */
const stateOf = ({ state, update, configuration }) => {
    const { StateReasonCode, LastUpdateStatusReasonCode } = configuration;
    const codes = [...new Set([StateReasonCode, LastUpdateStatusReasonCode])].filter((code) => code !== undefined);
    const text = `State ${state === '' ? '(none)' : state}, LastUpdateStatus ${update === '' ? '(none)' : update}`;
    return codes.length === 0 ? text : `${text} (${codes.join(', ')})`;
};
/** How a version is called on the screen. */
const versionName = (name, version) => `${name}:${version ?? latest}`;

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/update.js






const ATTEMPTS = 5;
/** Waits until nothing is under way in `$LATEST`, whoever began it. */
const idle = async ({ functions, pace, tools }, name) => {
    let said = false;
    for (;;) {
        const code = await pace.read(() => readCode(functions, name));
        if (!isBusy(code))
            return code;
        if (!said)
            tools.log.info(`  ${name}: waiting for the update that is under way`);
        said = true;
        await pace.pause();
    }
};
/** Whether a refused or unanswered write is decided by looking again: revision changed, busy, or no answer. */
const isOpen = (error) => (0,aws_errors/* isPassing */.WG)(error) || (0,aws_errors/* isNamed */.ev)(error, 'PreconditionFailedException', 'ResourceConflictException');
/**
 * Brings `$LATEST` to an image and waits until that has ended. `known` is what was there when this was decided.
 * Each write names the revision that was read before it, so that one whose answer got lost cannot be applied twice, and what
 * was read decides whether it is sent again. An update that had failed before, or whose image is gone, is no obstacle: the new
 * image is the cure. `onSent` is told as soon as an update of ours may have been applied.
 */
const updateCode = async (work, name, target, known, onSent) => {
    const { functions, tools } = work;
    let sentWith;
    let again = true;
    let isApplied = false;
    for (let attempt = 1;; attempt += 1) {
        const latest = attempt === 1 && !isBusy(known) ? known : await idle(work, name);
        if (latest.digest === target.digest && isSound(latest))
            return latest;
        if (latest.digest !== known.digest && latest.digest !== target.digest)
            throw new Superseded(changeOf(name, latest));
        isApplied ||= latest.digest === target.digest && sentWith !== undefined && sentWith !== latest.revisionId;
        if (isApplied && latest.digest === target.digest && latest.update !== 'Failed') {
            // Whatever state that is, the image was accepted: it is not sent again.
            tools.log.info(`  ${name}: waiting, ${stateOf(latest)}`);
            await work.pace.pause();
            attempt -= 1;
            continue;
        }
        if (sentWith !== undefined && sentWith !== latest.revisionId && latest.update === 'Failed') {
            const cause = causeOf(name, latest, aboutOf(latest, target.image));
            if (!again || !isPassingCode(reasonCode(latest)))
                throw new Failed(cause);
            again = false;
            tools.log.info(`  ${cause.reason}; sending it once more`);
        }
        if (attempt > ATTEMPTS)
            throw new Failed(causeOfNothing(name, 'lambda:UpdateFunctionCode', attempt - 1));
        work.pace.check();
        const command = new dist_cjs/* UpdateFunctionCodeCommand */.KfB({
            FunctionName: name,
            ImageUri: target.image,
            Architectures: [target.architecture === 'arm64' ? 'arm64' : 'x86_64'],
            RevisionId: latest.revisionId,
            Publish: false,
        });
        sentWith = latest.revisionId;
        try {
            await (0,aws_errors/* call */.T1)('lambda:UpdateFunctionCode', () => functions.once.send(command));
            onSent();
            isApplied = true;
            tools.log.info(`  ${name}: the image is being updated`);
        }
        catch (error) {
            if ((0,aws_errors/* isPassing */.WG)(error))
                onSent();
            if (!isOpen(error))
                throw update_refusal(name, error, aboutOf(latest, target.image));
            if (!(0,aws_errors/* isPassing */.WG)(error))
                sentWith = undefined;
            tools.log.info(`  ${error.message}; looking at what there is`);
        }
        await work.pace.pause();
    }
};
/** What AWS decided about a write is a cause; credentials that have expired say nothing about the function. */
const update_refusal = (name, error, about) => {
    const { message } = error;
    return isOfCaller(error) ? error : new Failed(causeOfRefusal(name, message, about), { cause: error });
};
/** Nothing that this process asks for is answered any more: another one, with credentials of its own, has to finish. */
const isOfCaller = (error) => /Expired|InvalidToken|InvalidClientToken|UnrecognizedClient|LeaseLost/.test(error.name);
const causeOfNothing = (name, operation, attempts) => ({
    reason: `${name}: ${operation} was sent ${attempts} times and none was seen to be applied`,
    count: 1,
    container: name,
});
const aboutOf = ({ configuration }, image) => ({
    arn: (configuration.FunctionArn ?? '').replace(/(:function:[^:]+):.*$/, '$1'),
    image: image.replace(/@.*$/, ''),
});
/** `$LATEST` names nobody; what it was changed to is all that is known. */
const changeOf = (name, latest) => `an update of ${versionName(name, latest.version)} to ${latest.digest} (revision ${latest.revisionId})`;

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/smoke.js




/** `GET /version` as an HTTP API of payload format 2.0 asks for it. */
const versionEvent = (now) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/version',
    rawQueryString: '',
    headers: { accept: 'application/json', host: 'smoke.invalid', 'user-agent': 'slipway' },
    requestContext: {
        accountId: 'anonymous',
        apiId: 'smoke',
        domainName: 'smoke.invalid',
        domainPrefix: 'smoke',
        http: { method: 'GET', path: '/version', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'slipway' },
        requestId: 'smoke',
        routeKey: '$default',
        stage: '$default',
        time: new Date(now).toISOString(),
        timeEpoch: now,
    },
    isBase64Encoded: false,
});
/** Why an answer is not the right one; undefined where it is. */
const problemOf = (smoke, { payload, functionError }) => {
    if (functionError !== undefined)
        return `it ended with an error: ${errorText(payload) || functionError}`;
    if ('event' in smoke)
        return undefined;
    const { statusCode, body } = responseOf(payload);
    if (statusCode !== 200)
        return `/version answered ${statusCode}`;
    const actual = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined;
    return actual === smoke.version ? undefined : `/version answers with version ${actual ?? '(none)'}, expected ${smoke.version}`;
};
const errorText = (payload) => {
    const { errorType = '', errorMessage = '' } = fields(parsed(payload));
    return [errorType, errorMessage].filter((text) => text !== '').join(': ');
};
/** An answer without a status code is the body itself (API Gateway, HTTP API, payload format 2.0). */
const responseOf = (payload) => {
    const answer = parsed(payload);
    const { statusCode, body, isBase64Encoded } = fields(answer);
    if (statusCode === undefined)
        return { statusCode: 200, body: answer };
    const text = isBase64Encoded === true ? Buffer.from(String(body), 'base64').toString('utf8') : String(body ?? '');
    return { statusCode, body: parsed(text) };
};
const parsed = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
};
const fields = (value) => typeof value === 'object' && value !== null ? value : {};
/** Invokes a version before any traffic reaches it. Throws `Failed` with the last lines of its log where it does not answer as it should. */
const smokeVersion = async (work, name, version, smoke) => {
    const answer = await invoke(work, name, version, smoke);
    const problem = problemOf(smoke, answer);
    if (problem === undefined) {
        work.tools.log.info(`  ${name}: version ${version} answers as it should`);
        return;
    }
    const cause = { reason: `${name}: version ${version} was invoked: ${problem}`, count: 1, container: name };
    throw new Failed({ ...cause, ...(answer.log.length > 0 && { log: answer.log }) });
};
/** A function that lay idle refuses its first invocation and is ready some seconds later. */
const NOT_READY = ['ResourceNotReadyException', 'CodeArtifactUserPendingException', 'ResourceConflictException'];
const smoke_ATTEMPTS = 8;
/** An event may do something, so it is sent again only where the function did not get it. */
const invoke = async ({ functions, pace, tools }, name, qualifier, smoke) => {
    const payload = 'event' in smoke ? smoke.event : versionEvent(tools.clock.now());
    const command = new dist_cjs/* InvokeCommand */.mdN({
        FunctionName: name,
        Qualifier: qualifier,
        LogType: 'Tail',
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
    });
    for (let attempt = 1;; attempt += 1) {
        pace.check();
        try {
            return answerOf(await (0,aws_errors/* call */.T1)('lambda:Invoke', () => functions.once.send(command)));
        }
        catch (error) {
            const mayRepeat = (0,aws_errors/* isNamed */.ev)(error, ...NOT_READY) || ((0,aws_errors/* isPassing */.WG)(error) && 'version' in smoke);
            if (!mayRepeat || attempt === smoke_ATTEMPTS)
                throw update_refusal(name, error);
            tools.log.info(`  ${error.message}; invoking it again`);
            await pace.pause();
        }
    }
};
const answerOf = ({ Payload, FunctionError, ExecutedVersion = '', LogResult = '' }) => ({
    payload: new TextDecoder().decode(Payload),
    ...(FunctionError !== undefined && { functionError: FunctionError }),
    executedVersion: ExecutedVersion,
    log: Buffer.from(LogResult, 'base64')
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== ''),
});

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/prove.js





const prove_ATTEMPTS = 6;
/** What serves under the alias is the expected digest, by `CodeSha256` and, where it may be asked, by who answers, and how. */
const proveFunctions = async (work, { expected, aliases, unaliased, smokeOf }) => {
    const { functions, pace } = work;
    const answered = new Map();
    const look = async (name, digest) => {
        const alias = await pace.read(() => readAlias(functions, name));
        if (alias === undefined && !unaliased.has(name))
            return { problem: `${name} has no alias '${functions.alias}'` };
        const code = await pace.read(() => readCode(functions, name, alias?.version));
        const called = versionName(name, alias?.version);
        if (isBusy(code))
            return { problem: `${called} is not ready: ${stateOf(code)}` };
        if (code.digest !== digest && !aliases.get(digest)?.includes(code.digest))
            return { digest: code.digest, problem: `${called} runs ${code.digest}, expected ${digest}` };
        if (!isSound(code))
            return { digest: code.digest, problem: `${called} is not ready: ${stateOf(code)}` };
        const shares = Object.keys(alias?.weights ?? {});
        if (shares.length > 0) {
            const problem = `${called} runs ${code.digest}, but version ${shares.join(', ')} has a share of the traffic`;
            return { digest: code.digest, problem };
        }
        const smoke = alias && smokeOf(name);
        if (smoke === undefined)
            return { digest: code.digest };
        const answer = answered.get(name) ?? (await ask(work, name, alias?.version ?? '', smoke));
        if (answer.final)
            answered.set(name, answer);
        return { digest: code.digest, ...answer };
    };
    for (let attempt = 1;; attempt += 1) {
        const names = Object.entries(expected);
        const looked = await Promise.all(names.map(([name, digest]) => look(name, digest).catch((error) => unknown(name, error))));
        const [first] = looked;
        const found = first?.digest === undefined ? {} : { digest: first.digest };
        const problems = looked.flatMap(({ problem }) => problem ?? []);
        if (problems.length === 0)
            return { proven: true, digest: first?.digest ?? '' };
        const isFinal = looked.some(({ problem, final }) => problem !== undefined && final);
        if (isFinal || attempt === prove_ATTEMPTS || !(await isInTime(pace)))
            return { proven: false, ...found, problem: problems.join('; ') };
    }
};
/** Waits until the next attempt is due. False where the time is over: what was found so far is the answer. */
const isInTime = async (pace) => {
    try {
        pace.check();
        await pace.pause();
        return true;
    }
    catch (error) {
        if (!(error instanceof Stopped))
            throw error;
        return false;
    }
};
/** An event may do something: once our version has had it, or may have, it is not sent again. */
const ask = async (work, name, version, smoke) => {
    const final = 'event' in smoke;
    try {
        const answer = await invoke(work, name, work.functions.alias, smoke);
        // For some moments after a switch the version before may answer.
        const { executedVersion } = answer;
        if (executedVersion !== version)
            return { problem: `${name} was answered by version ${executedVersion}, expected ${version}` };
        const problem = problemOf(smoke, answer);
        return { final, ...(problem !== undefined && { problem: `${name}: '${work.functions.alias}' was invoked: ${problem}` }) };
    }
    catch (error) {
        return { final, ...unknown(name, error) };
    }
};
/** What is not known is not proven, so that it goes back; what has lost its credentials cannot see to that. */
const unknown = (name, error) => {
    if (isOfCaller(error))
        throw error;
    return { problem: `it is not known what answers for ${name}: ${error.message}` };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/alias.js






const alias_ATTEMPTS = 5;
/**
 * Has the alias point elsewhere, if it still points where `from` says; without `from` it is made. Weights are always sent:
 * left out they would stay. Resolves to the alias as it is then; rejects with `Superseded` where somebody else moved it.
 */
const moveAlias = async (work, name, from, to) => {
    const { functions, pace, tools } = work;
    let revisionId = from?.revisionId;
    for (let attempt = 1;; attempt += 1) {
        try {
            return await sendAlias(functions, name, to, revisionId);
        }
        catch (error) {
            if (!isUndecided(error))
                throw update_refusal(name, error);
            tools.log.info(`  ${error.message}; looking at what there is`);
            const now = await pace.read(() => readAlias(functions, name));
            if (now && sameRouting(now, to))
                return now;
            if (!sameRouting(now, from))
                throw new Superseded(await holderOf(functions, pace, name, now));
            if (attempt === alias_ATTEMPTS)
                throw new Failed(causeOfNothing(name, from === undefined ? 'lambda:CreateAlias' : 'lambda:UpdateAlias', attempt));
            revisionId = now?.revisionId;
            // A version that was just published may not be known everywhere yet.
            await pace.pause(attempt * 500);
        }
    }
};
const isUndecided = (error) => (0,aws_errors/* isPassing */.WG)(error) || (0,aws_errors/* isNamed */.ev)(error, 'PreconditionFailedException', 'ResourceConflictException', 'ResourceNotFoundException');
/** One request, sent once. */
const sendAlias = async ({ once, alias }, name, { version, weights }, revisionId) => {
    const wanted = {
        FunctionName: name,
        Name: alias,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: weights },
    };
    const answer = revisionId === undefined
        ? await (0,aws_errors/* call */.T1)('lambda:CreateAlias', () => once.send(new dist_cjs/* CreateAliasCommand */.W_e(wanted)))
        : await (0,aws_errors/* call */.T1)('lambda:UpdateAlias', () => once.send(new dist_cjs/* UpdateAliasCommand */.lqC({ ...wanted, RevisionId: revisionId })));
    return { version, weights, revisionId: answer.RevisionId ?? '' };
};
/** What an alias points to, and who says so: the description of a version tells of the run that published it. */
const holderOf = async (functions, pace, name, now) => {
    if (now === undefined)
        return `the deletion of the alias '${functions.alias}' of ${name}`;
    const shares = Object.entries(now.weights).map(([version, weight]) => ` with ${percent(weight)} on ${version}`);
    const newest = Object.keys(now.weights)[0] ?? now.version;
    const described = await pace
        .read(() => readCode(functions, name, newest))
        .then(({ configuration }) => configuration.Description ?? '')
        .catch(() => '');
    return `${versionName(name, now.version)}${shares.join('')} (${described === '' ? `revision ${now.revisionId}` : described})`;
};
const percent = (weight) => `${Math.round(weight * 1000) / 10} %`;

// EXTERNAL MODULE: ./build/lib/image.js
var lib_image = __webpack_require__(9449);
;// CONCATENATED MODULE: ./build/lib/oci/lambda.js
const GZIP = ['application/vnd.oci.image.layer.v1.tar+gzip', 'application/vnd.docker.image.rootfs.diff.tar.gzip'];
/** Uncompressed, by Lambda's guide "Create a function using a container image"; compressed layers can only be smaller. */
const LARGEST = 10 * 1024 ** 3;
/** Why Lambda would refuse this image, or undefined where nothing speaks against it. ECR and ECS accept all of these. */
const lambdaRefusal = (manifest) => {
    if (manifest.kind === 'index') {
        return 'Lambda runs no index: build one platform, without attestations';
    }
    const layer = manifest.layers.find(({ mediaType }) => !GZIP.includes(mediaType));
    if (layer) {
        return `Lambda takes layers compressed with gzip, ${layer.digest} is ${layer.mediaType}: use a base image with gzip layers`;
    }
    const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
    return bytes > LARGEST ? `Lambda takes images of at most 10 GB, this one has ${bytes} bytes before it is unpacked` : undefined;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/image.js



/** As an image names it. */
const ociArchitecture = (architecture) => (architecture === 'arm64' ? 'arm64' : 'amd64');
/**
 * Checks an image as far as its registry tells, before anything is written. Lambda runs no index: where there is exactly one
 * image for the functions in it, that one is deployed.
 */
const deployable = async ({ image, digest }, { architecture, region }, registry) => {
    requireRegion(image, region);
    const { manifest } = (await registry.find([image])).get(image) ?? {};
    if (manifest?.kind !== 'index')
        return checked({ image, digest }, manifest);
    const child = childFor(manifest.manifests, architecture);
    if (child === undefined) {
        throw new refusal/* Refusal */.P(`the image ${image} is an index without exactly one image for linux/${architecture}, and Lambda runs no index; nothing was changed. ` +
            `Build it with 'docker buildx build --platform linux/${architecture} --provenance=false'`);
    }
    const { host = '', name = '' } = (0,lib_image/* parseImage */.zZ)(image) ?? {};
    const only = { image: (0,lib_image/* pinned */.dp)(`${host}/${name}`, child.digest), digest: child.digest, child: true };
    return checked(only, (await registry.find([only.image])).get(only.image)?.manifest);
};
/** Attestations have the platform `unknown/unknown`. */
const childFor = (manifests, architecture) => {
    const fitting = manifests.filter(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
    return fitting.length === 1 ? fitting[0] : undefined;
};
const checked = (found, manifest) => {
    const reason = manifest && lambdaRefusal(manifest);
    if (reason === undefined)
        return found;
    throw new refusal/* Refusal */.P(`the image ${found.image} cannot run as a function: ${reason}; nothing was changed`);
};
const requireRegion = (image, region) => {
    const home = (0,lib_image/* parseImage */.zZ)(image)?.region;
    if (home === undefined || home === region)
        return;
    throw new refusal/* Refusal */.P(`Lambda takes images only from a registry in its own region: the functions are in ${region}, and ${image} is in ${home}; nothing was changed. ` +
        "Have build-push-image copy it by its digest: 'source' names the repository that has it");
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/read.js






const readFunctions = async (functions, [wanted], { registry, ...options }) => {
    if (wanted === undefined)
        throw new refusal/* Refusal */.P('a Lambda service needs one image; nothing was changed');
    // Begun at once: the functions and the registry answer side by side.
    const known = registry.find([wanted.image]);
    known.catch(() => undefined);
    const readings = await Promise.all(options.functions.map(({ name }) => readFunction(functions, name, options)));
    const architecture = architectureOf(readings);
    const target = await deployable(wanted, { architecture, region: options.region }, registry);
    return { functions: readings, target, architecture, running: runningOf(readings, target, architecture) };
};
const readFunction = async (functions, name, { account, region }) => {
    const missing = (error) => {
        if (!(0,aws_errors/* isNamed */.ev)(error, 'ResourceNotFoundException'))
            throw error;
        throw new refusal/* Refusal */.P(`there is no function '${name}' in account ${account}, ${region}; nothing was changed. Correct its name, or let infrastructure make it`, { cause: error });
    };
    const [code, alias] = await Promise.all([readCode(functions, name).catch(missing), readAlias(functions, name)]);
    if (code.configuration.PackageType !== 'Image') {
        throw new refusal/* Refusal */.P(`the function '${name}' is made from a zip file, and Lambda cannot change that; nothing was changed. Make a function from an image`);
    }
    if (alias?.version === latest) {
        throw new refusal/* Refusal */.P(`the alias '${functions.alias}' of '${name}' points to $LATEST, so an image would get traffic before it was looked at; nothing was changed. ` +
            'Publish a version and point the alias to it');
    }
    const versions = alias === undefined ? [] : [alias.version, ...Object.keys(alias.weights)];
    const [serving, ...shared] = await Promise.all(versions.map((version) => readCode(functions, name, version)));
    return { name, latest: code, alias, serving, shared };
};
const architectureOf = (readings) => {
    const built = readings.map(({ name, latest: { configuration } }) => {
        const [architecture = 'x86_64'] = configuration.Architectures ?? [];
        return { name, architecture: ociArchitecture(architecture) };
    });
    const all = new Set(built.map(({ architecture }) => architecture));
    const [architecture = 'amd64'] = all;
    if (all.size <= 1)
        return architecture;
    const said = built.map(({ name, architecture }) => `${name} on ${architecture}`).join(', ');
    throw new refusal/* Refusal */.P(`one image cannot run in all of these functions: ${said}; nothing was changed. Make them services of their own`);
};
const runningOf = (readings, target, architecture) => {
    const each = (value) => Object.fromEntries(readings.map((reading) => [reading.name, value(reading)]));
    const underway = readings.flatMap((reading) => underWay(reading, target));
    return {
        revision: readings.map(({ name, alias }) => versionName(name, alias?.version)).join(', '),
        images: each(({ serving, latest }) => (serving ?? latest).image),
        digests: each(({ serving, latest }) => (serving ?? latest).digest),
        deployments: readings.flatMap(({ alias }) => alias?.revisionId ?? []),
        count: 1,
        platform: { os: 'linux', architecture },
        ...(underway.length > 0 && {
            inProgress: {
                id: underway.map(({ id }) => id).join(', '),
                wanted: underway.every(({ wanted, foreign }) => wanted && !foreign),
                ...(underway.some(({ foreign }) => foreign) && { foreign: true }),
            },
        }),
        functions: each(({ alias, latest, shared }) => ({
            ...(alias && { version: alias.version }),
            ...(shared.length > 0 && { shared: shared.map(({ version }) => version) }),
            ...(isSound(latest) && latest.image !== '' && { latest: latest.image }),
        })),
        settled: readings.every((reading) => isSettled(reading, target)),
    };
};
/** How a version that this action published begins to describe itself. */
const MARK = 'slipway-';
/** A share of the traffic on a second version is a deployment that has not ended, or that somebody left so. */
const underWay = ({ name, alias, shared }, { digest }) => shared.map((code) => {
    const { Description = '' } = code.configuration;
    const share = `${versionName(name, code.version)} with ${percent(alias?.weights[code.version] ?? 0)} of the traffic`;
    return {
        id: Description === '' ? share : `${share} (${Description})`,
        wanted: code.digest === digest,
        foreign: !Description.startsWith(MARK),
    };
});
/** The image is what the alias serves, and what is configured is what was published. */
const isSettled = ({ alias, serving, shared, latest }, { digest }) => alias !== undefined &&
    serving !== undefined &&
    shared.length === 0 &&
    serving.digest === digest &&
    latest.digest === digest &&
    isSound(latest) &&
    isSound(serving) &&
    sameConfiguration(latest.configuration, serving.configuration);
/**
 * Aliases of one service move together. Where they differ, a deployment was killed in between and nobody has taken it back:
 * which of them was proven is not known.
 */
const divided = (readings) => {
    const served = readings.flatMap(({ name, serving }) => (serving === undefined ? [] : [{ name, digest: serving.digest }]));
    if (new Set(served.map(({ digest }) => digest)).size <= 1)
        return undefined;
    const each = served.map(({ name, digest }) => `${name} ${digest}`).join(', ');
    return `the functions serve different images, as after a deployment that was killed: ${each}. If this one fails, each goes back to that; deploy the image that is to run`;
};
/** Commands are set by infrastructure, which may not have been deployed yet. */
const commandWarnings = (readings, functions) => functions.flatMap(({ name, command }) => {
    const reading = readings.find((each) => each.name === name);
    if (reading === undefined || !commandDiffers(reading.latest, command))
        return [];
    const actual = reading.latest.configuration.ImageConfigResponse?.ImageConfig?.Command ?? [];
    return [
        `${name} is configured to run ${JSON.stringify(actual)}, and ${JSON.stringify(command)} was planned: infrastructure sets it, a deployment of an image does not`,
    ];
});

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/restore.js







const standingOf = async (name, alias, before, isOurs) => {
    if (alias === undefined)
        return before.version === undefined ? 'before' : 'third';
    // A share that was there before was taken over with the alias, but only for as long as the alias stands where it stood.
    const takenOver = alias.version === before.version ? (before.shared ?? []) : [];
    const shared = await Promise.all(Object.keys(alias.weights).map(async (version) => takenOver.includes(version) || isOurs(name, version)));
    if (shared.includes(false))
        return 'third';
    if (alias.version === before.version)
        return shared.length === 0 ? 'before' : 'shared';
    return (await isOurs(name, alias.version)) ? 'moved' : 'third';
};
/**
 * Points the alias of each function back to what it pointed to, with one request each, where it still is as this deployment
 * left it. An alias that this deployment made is deleted. Resolves to who moved the others: they are left alone.
 */
const returnAliases = async (work, before, isOurs) => {
    const { functions, pace, tools } = work;
    const giveBack = async ([name, was]) => {
        const alias = await pace.read(() => readAlias(functions, name));
        const standing = await standingOf(name, alias, was, isOurs);
        if (standing === 'before')
            return [];
        if (standing === 'third')
            return [{ name, by: await holderOf(functions, pace, name, alias) }];
        try {
            if (was.version === undefined)
                await deleteAlias(work, name);
            else
                await moveAlias(work, name, alias, { version: was.version, weights: {} });
        }
        catch (error) {
            if (error instanceof Superseded)
                return [{ name, by: error.message }];
            throw error;
        }
        tools.log.info(`  ${functions.alias} of ${name} → ${was.version === undefined ? 'deleted' : versionName(name, was.version)}`);
        return [];
    };
    return (await together(Object.entries(before), giveBack)).flat();
};
/** It takes no revision; sent again it finds nothing to delete. */
const deleteAlias = async ({ functions: { lambda, alias } }, name) => {
    const command = new dist_cjs/* DeleteAliasCommand */.Hou({ FunctionName: name, Name: alias });
    await (0,aws_errors/* call */.T1)('lambda:DeleteAlias', () => lambda.send(command)).catch((error) => {
        if (!(0,aws_errors/* isNamed */.ev)(error, 'ResourceNotFoundException'))
            throw error;
    });
};
/** How long an update that is under way is waited for where the alias has gone back, so that `$LATEST` is all that is left. */
const LATEST_TIME = 30_000;
/**
 * Puts the unpublished code back as well, so that callers without an alias and the next version agree with what runs. Where an
 * alias has gone back, trouble with that is only said. Where there was none, `$LATEST` is what serves: that is waited for until
 * the deadline, and resolves to what went wrong.
 */
const returnLatest = async ({ functions, tools }, { before, ours, isSent, deadline }) => {
    const soon = Math.min(deadline, tools.clock.monotonic() + LATEST_TIME);
    const giveBack = async ([name, { latest, version }]) => {
        const digest = latest?.split('@')[1];
        if (digest === ours.digest || !isSent(name))
            return [];
        const work = { functions, tools, pace: paceOf(tools, { ...FREE, deadline: version === undefined ? deadline : soon }) };
        let isUnderWay = false;
        try {
            const now = await idle(work, name);
            if (now.digest !== ours.digest)
                return [];
            if (latest === undefined || digest === undefined)
                throw new Error('what was there before did not run');
            const target = { image: latest, digest, architecture: ours.architecture };
            const onSent = () => {
                isUnderWay = true;
            };
            await updateCode(work, name, target, now, onSent);
            tools.log.info(`  $LATEST of ${name} → ${digest}`);
            return [];
        }
        catch (error) {
            const { message } = error;
            const trouble = isUnderWay
                ? `$LATEST of ${name} was sent back to ${digest}, and that has not ended: ${message}`
                : `$LATEST of ${name} still is ${ours.digest}: ${message}`;
            if (version === undefined)
                return [trouble];
            tools.log.warning(`${trouble}; its alias does not serve that`);
            return [];
        }
    };
    const troubles = (await Promise.all(Object.entries(before).map(giveBack))).flat();
    return troubles.length === 0 ? undefined : troubles.join('; ');
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/retention.js




/** Versions that this action published and that nothing needs any more are kept up to so many. */
const KEPT = 5;
/** A deployment is not to be kept waiting by what many others left. */
const AT_ONCE = 10;
const LONGEST = 20_000;
/** Oldest first. Only what this action published; never what an alias, a weight or a deployment under way may need. */
const obsolete = (versions, spared) => {
    const ours = versions.filter(({ Description = '' }) => Description.startsWith(MARK)).map(({ Version = '' }) => Version);
    const newestFirst = ours.filter((version) => /^\d+$/.test(version)).toSorted((one, other) => Number(other) - Number(one));
    return newestFirst
        .slice(KEPT)
        .filter((version) => !spared.has(version))
        .toReversed()
        .slice(0, AT_ONCE);
};
/** Deletes old versions of one function. A version that turns out to be in use stays; trouble is only said. */
const deleteOldVersions = async (functions, { log, clock }, name, before) => {
    const { lambda, once } = functions;
    const end = clock.monotonic() + LONGEST;
    try {
        const versions = await retention_all((0,dist_cjs/* paginateListVersionsByFunction */.CE5)({ client: lambda }, { FunctionName: name }), ({ Versions }) => Versions);
        if (obsolete(versions, new Set()).length === 0)
            return;
        const aliases = await retention_all((0,dist_cjs/* paginateListAliases */._O$)({ client: lambda }, { FunctionName: name }), ({ Aliases }) => Aliases);
        const spared = new Set(aliases.flatMap(({ FunctionVersion = '', RoutingConfig }) => [
            FunctionVersion,
            ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
        ]));
        if (before !== undefined)
            spared.add(before);
        for (const version of obsolete(versions, spared)) {
            if (clock.monotonic() > end)
                return;
            if ((await readProvisioned(functions, name, version)) !== undefined)
                continue;
            const command = new dist_cjs/* DeleteFunctionCommand */.Z3K({ FunctionName: name, Qualifier: version });
            const isGone = await (0,aws_errors/* call */.T1)('lambda:DeleteFunction', () => once.send(command)).then(() => true, isInUse);
            if (isGone)
                log.info(`  ${name}: deleted version ${version}, which nothing uses any more`);
        }
    }
    catch (error) {
        log.notice(`old versions of ${name} stay: ${error.message}`);
    }
};
const isInUse = (error) => {
    if (!(0,aws_errors/* isNamed */.ev)(error, 'ResourceConflictException'))
        throw error;
    return false;
};
const retention_all = async (pages, items) => {
    const found = [];
    for await (const page of pages)
        found.push(...(items(page) ?? []));
    return found;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/publish.js







const publish_ATTEMPTS = 5;
/**
 * Publishes `$LATEST` if it still is what this deployment made it, and waits until the version is ready. Sent again it answers
 * with the version that is there, as nothing was changed since: so an answer that got lost leaves no second version.
 */
const publishVersion = async (work, name, updated, description) => {
    const { functions, pace, tools } = work;
    const { digest } = updated;
    let latest = updated;
    for (let attempt = 1;; attempt += 1) {
        if (latest.digest !== digest)
            throw new Superseded(changeOf(name, latest));
        if (latest.update === 'Failed')
            throw new Failed(causeOf(name, latest, aboutOf(latest, updated.image)));
        if (attempt > publish_ATTEMPTS)
            throw new Failed(causeOfNothing(name, 'lambda:PublishVersion', attempt - 1));
        pace.check();
        const command = new dist_cjs/* PublishVersionCommand */.D3m({
            FunctionName: name,
            CodeSha256: digest.replace('sha256:', ''),
            RevisionId: latest.revisionId,
            Description: description,
        });
        try {
            const version = codeOf(await (0,aws_errors/* call */.T1)('lambda:PublishVersion', () => functions.once.send(command)));
            if (version.digest !== digest)
                throw new Superseded(`version ${version.version} of ${name}, which holds ${version.digest}`);
            tools.log.info(`  ${name}: published as version ${version.version}`);
            return await active(work, name, version);
        }
        catch (error) {
            if (!isOpen(error) && !isOtherCode(error))
                throw ofOurs(error) ?? update_refusal(name, error, aboutOf(latest, updated.image));
            tools.log.info(`  ${error.message}; looking at what there is`);
            await pace.pause();
            latest = await idle(work, name);
        }
    }
};
/** What the guard by `CodeSha256` is answered with: 400, not 412. */
const isOtherCode = (error) => (0,aws_errors/* isNamed */.ev)(error, 'InvalidParameterValueException') && /CodeSHA256/i.test(error.message);
const ofOurs = (error) => error instanceof Error && ['Superseded', 'Failed', 'Stopped'].includes(error.name) ? error : undefined;
/** A version that is new is pending at first. */
const active = async ({ functions, pace, tools }, name, published) => {
    for (let version = published;;) {
        if (version.state === 'Active' || version.state === 'Inactive')
            return version;
        if (version.state === 'Failed' || version.update === 'Failed')
            throw new Failed(causeOf(name, version, aboutOf(version, version.image)));
        if (version.state !== 'Pending')
            tools.log.info(`  ${versionName(name, version.version)}: waiting, ${stateOf(version)}`);
        await pace.pause();
        version = await pace.read(() => readCode(functions, name, published.version));
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/traffic.js





const allOn = ({ version }) => ({ version: version.version, weights: {} });
const shareOf = ({ alias, version }, share) => ({
    version: alias?.version ?? '',
    weights: { [version.version]: share / 100 },
});
/**
 * Traffic is shared only by versions with one execution role and one dead-letter queue, and not where concurrency is
 * provisioned (Lambda guide, weighted aliases).
 */
const whyAtOnce = ({ name, alias, serving, version, isProvisioned }) => {
    if (alias === undefined)
        return `${name}: the alias is new, so it gets all of the traffic at once`;
    if (isProvisioned)
        return `${name}: the alias has provisioned concurrency, which allows no weights; it is switched at once`;
    const [before, after] = [serving?.configuration, version.configuration];
    if (before?.Role !== after.Role || before?.DeadLetterConfig?.TargetArn !== after.DeadLetterConfig?.TargetArn)
        return `${name}: the versions have different roles or dead-letter queues, so they cannot share the traffic; it is switched at once`;
    return undefined;
};
/**
 * Moves the traffic of all functions: in steps, each watched for its time, then all of it. The first function decides between
 * two deployments that come here together: who loses it has moved none of the others.
 */
const moveTraffic = async (work, ready, steps, health) => {
    const inSteps = ready.filter((each) => steps.length > 0 && whyAtOnce(each) === undefined && each.alias?.version !== each.version.version);
    const since = work.tools.clock.now();
    if (inSteps.length > 0) {
        await health.begin().catch((error) => {
            throw new Failed({ reason: error.message, count: 1 }, { cause: error });
        });
        for (const step of steps) {
            await moveAll(work, inSteps, (each) => shareOf(each, step.percent));
            work.tools.log.info(`  ${percent(step.percent / 100)} of the traffic for ${step.for / 1000} s`);
            await observe(work, inSteps, step.for, health, since);
        }
    }
    await moveAll(work, ready, allOn);
    await together(ready, (each) => (each.isProvisioned ? provisioned(work, each.name) : Promise.resolve()));
};
const moveAll = async (work, ready, to) => {
    const move = async (each) => {
        const routing = to(each);
        work.pace.check();
        each.alias = await moveAlias(work, each.name, each.alias, routing);
        const shares = Object.entries(routing.weights).map(([version, weight]) => `, ${percent(weight)} on ${version}`);
        const { alias } = work.functions;
        work.tools.log.info(`  ${alias} of ${each.name} → ${versionName(each.name, routing.version)}${shares.join('')}`);
    };
    const [first, ...others] = ready;
    if (first !== undefined)
        await move(first);
    await together(others, move);
};
/** CloudWatch has a new value once a minute, an alias may change at any time: it is looked at more often. */
const HEALTH_EVERY = 10_000;
const observe = async (work, ready, time, health, since) => {
    const { clock, pollInterval } = work.tools;
    const end = clock.monotonic() + time;
    const versions = ready.map(({ name, version }) => ({ name, version: version.version }));
    const every = Math.max(pollInterval, HEALTH_EVERY);
    let next = clock.monotonic() + every;
    for (;;) {
        const left = end - clock.monotonic();
        if (left > 0)
            await work.pace.pause(Math.min(left, pollInterval));
        const isOver = clock.monotonic() >= end;
        const isDue = isOver || clock.monotonic() >= next;
        if (isDue)
            next = clock.monotonic() + every;
        const [problem] = await Promise.all([
            isDue ? work.pace.read(() => health.problem(versions, since)).catch(unwatched) : Promise.resolve(undefined),
            together(ready, (each) => requireOurs(work, each)),
        ]);
        if (problem !== undefined)
            throw new Failed({ reason: problem, count: 1 });
        if (isOver)
            return;
    }
};
/** Traffic that cannot be watched goes back. */
const unwatched = (error) => {
    if (error instanceof Stopped || isOfCaller(error))
        throw error;
    throw new Failed({ reason: error.message, count: 1 }, { cause: error });
};
const requireOurs = async ({ functions, pace }, { name, alias }) => {
    const now = await pace.read(() => readAlias(functions, name));
    if (!sameRouting(now, alias))
        throw new Superseded(await holderOf(functions, pace, name, now));
};
/** Provisioned concurrency moves with its alias, and is allocated anew. */
const provisioned = async ({ functions, pace, tools }, name) => {
    tools.log.info(`  ${name}: waiting for its provisioned concurrency`);
    // It may be of before the switch when it is first seen to be ready.
    for (let ready = 0; ready < 2;) {
        await pace.pause();
        const now = await pace.read(() => readProvisioned(functions, name, functions.alias));
        if (now === undefined)
            return;
        ready = now.status === 'READY' ? ready + 1 : 0;
        if (now.status === 'FAILED')
            throw new Failed({ reason: `${name}: provisioned concurrency failed: ${now.reason}`, count: 1, container: name });
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/bring.js







/** Metrics have periods of a minute, and are there some time after it has ended. */
const SLOWEST_COUNT = 120_000;
/**
 * Brings the image to all functions, together or not at all: no alias moves before the version of every function is ready and
 * has answered its smoke test.
 */
const bringFunctions = async (bringing) => {
    const { work, reading, place, description, onVersion, onNote } = bringing;
    const { target, architecture } = reading;
    const all = reading.functions.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const each = (items, phase) => together(items, (item) => told(bringing, () => phase(item)), bringing.onFailure);
    const updated = await each(all, ({ name, latest }) => updateCode(work, name, { ...target, architecture }, latest, () => bringing.onSent(name)));
    const ready = await each(all.map((found, index) => ({ found, code: updated[index] })), async ({ found: { name, alias, serving }, code }) => {
        if (code === undefined)
            throw new Error(`${name} was not updated`);
        const version = await publishVersion(work, name, code, description);
        onVersion(name, version.version);
        const isProvisioned = alias !== undefined && (await isProvisionedAt(work, name));
        return { name, version, alias, serving, isProvisioned };
    });
    await each(ready, async ({ name, version }) => {
        const { smoke } = place.functions.find((each) => each.name === name) ?? {};
        if (smoke !== undefined)
            await smokeVersion(work, name, version.version, smoke);
    });
    for (const one of ready) {
        const why = one.alias === undefined || (place.traffic ?? []).length > 0 ? whyAtOnce(one) : undefined;
        const unwatched = (place.alarms ?? []).length === 0 ? '' : `; the alarms ${place.alarms?.join(', ')} are not looked at`;
        if (why !== undefined)
            onNote(`${why}${unwatched}`);
    }
    const short = (place.traffic ?? []).filter((step) => step.for < SLOWEST_COUNT);
    if (short.length > 0)
        onNote(`CloudWatch may count an error ${SLOWEST_COUNT / 60_000} minutes late: steps of ${short.map((step) => `${step.for / 1000} s`).join(', ')} can be over before it does`);
    await told(bringing, () => moveTraffic(work, ready, place.traffic ?? [], bringing.health));
    for (const one of ready)
        onNote(noteOf(one, all));
};
const noteOf = ({ name, version }, all) => {
    const before = all.find((each) => each.name === name)?.alias?.version;
    return `${name}: version ${version.version}${before === undefined ? '' : `, before ${before}`}`;
};
/** Not allowed to know is an answer of AWS: it is known before any traffic is moved. */
const isProvisionedAt = async ({ functions, pace }, name) => {
    const provisioned = pace
        .read(() => readProvisioned(functions, name, functions.alias))
        .catch((error) => {
        throw (0,aws_errors/* isNamed */.ev)(error, 'AccessDeniedException') ? update_refusal(name, error) : error;
    });
    return (await provisioned) !== undefined;
};
const told = async ({ onCause }, work) => {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof Failed)
            onCause(error.trouble);
        throw error;
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/watch.js







/** Brings the image to the functions and follows that to its end. Whoever has to go back is left to do so, but aliases after a third. */
const watchFunctions = async (functions, tools, deployment, options, { returnOthers, notes, ...bringing }) => {
    const { clock } = tools;
    const begun = clock.monotonic();
    const others = new AbortController();
    const pace = paceOf(tools, { ...options, signal: AbortSignal.any([options.signal, others.signal]) });
    const causes = [];
    const versions = new Map();
    let firstFailure;
    const onCause = (cause) => {
        firstFailure ??= clock.monotonic() - begun;
        causes.push(cause);
        show(cause, tools);
    };
    const onVersion = (name, version) => {
        versions.set(name, version);
        bringing.onVersion(name, version);
    };
    const watched = (end) => ({
        end,
        causes,
        notes,
        revision: [...versions].map(([name, version]) => versionName(name, version)).join(', '),
        ...(firstFailure !== undefined && { firstFailure }),
    });
    try {
        const work = { functions, pace, tools };
        const onNote = (note) => notes.push(note);
        await bringFunctions({ ...bringing, work, onCause, onVersion, onNote, onFailure: () => others.abort() });
        return watched({ state: 'completed' });
    }
    catch (error) {
        if (error instanceof Failed)
            return watched({ state: 'failed', restored: false, reason: error.message });
        // Whichever function stopped first stopped the others too: the signal alone tells who asked for it.
        if (error instanceof Stopped)
            return watched({ state: options.signal.aborted ? 'cancelled' : 'timed-out', restored: false });
        if (error instanceof Superseded)
            return watched(await superseded(error.message, deployment, returnOthers));
        if (isOfCaller(error))
            throw error;
        // What nobody foresaw ends the deployment as well, and what has moved goes back.
        const { message } = error;
        onCause({ reason: message, count: 1 });
        return watched({ state: 'failed', restored: false, reason: message });
    }
};
const show = ({ reason, remedy, log = [] }, tools) => {
    tools.log.error(`${reason}${remedy === undefined ? '' : `. ${remedy}`}`);
    for (const line of log)
        tools.log.info(`  | ${line}`);
};
/** One function of several is somebody else's now; the others are not left behind on a version that is nobody's. */
const superseded = async (by, deployment, returnOthers) => {
    try {
        const others = await returnOthers(deployment);
        return { state: 'superseded', by: [...new Set([by, ...others])].join(', ') };
    }
    catch (error) {
        if (isOfCaller(error))
            throw error;
        const reason = `replaced in flight by ${by}, which this run did not start, and not all is back: ${error.message}`;
        return { state: 'failed', restored: false, reason };
    }
};
/**
 * What became of a deployment whose process is gone: only the aliases tell. Where they do not tell in time it is taken for one that
 * has not ended, and whatever of it is found goes back.
 */
const lookBack = async (work, deployment, isOurs, returnOthers) => {
    const standings = await standingsOf(work, deployment, isOurs).catch((error) => {
        if (!(error instanceof Stopped))
            throw error;
        work.tools.log.warning(`how far it came was not seen: ${error.message}; what is found of it goes back`);
        return undefined;
    });
    const third = standings?.find(({ standing }) => standing === 'third');
    if (third !== undefined)
        return { end: await superseded(third.by, deployment, returnOthers), causes: [] };
    const isDone = standings?.every(({ standing }) => standing === 'moved');
    return { end: isDone ? { state: 'completed' } : { state: 'cancelled', restored: false }, causes: [] };
};
const standingsOf = ({ functions, pace }, { previous }, isOurs) => together(Object.entries(previous.functions ?? {}), async ([name, was]) => {
    const alias = await pace.read(() => readAlias(functions, name));
    const standing = await standingOf(name, alias, was, isOurs);
    return { standing, by: standing === 'third' ? await holderOf(functions, pace, name, alias) : '' };
});

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/lambda/target.js











/** The version that AWS keeps of a description is cut there. */
const LONGEST_DESCRIPTION = 256;
/** How long reads and invocations of a proof may fail in a way that passes. */
const PROOF_TIME = 120_000;
/** How long what another deployment has left to this one may take to go back. */
const OTHERS_TIME = 60_000;
/** Lambda functions from one image, each behind an alias of the same name. */
const lambdaTarget = async (session, tools, options) => {
    const { LambdaClient } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1696, 19));
    const { alias } = options;
    const functions = { lambda: session.client(LambdaClient), once: session.clientWithoutRetry(LambdaClient), alias };
    const registry = options.registry ?? (0,src_registry/* ecrRegistry */.g)(session, (message) => tools.log.notice(message));
    const alarms = options.alarms ?? [];
    const client = async () => session.client((await __webpack_require__.e(/* import() */ 85).then(__webpack_require__.t.bind(__webpack_require__, 4085, 19))).CloudWatchClient);
    const published = new Map();
    const sent = new Set();
    let reading;
    let deployment;
    let isThere = false;
    const health = healthOf({ alias, alarms, client }, tools);
    const read = async (wanted) => {
        const { account, region } = session;
        const [found, missing] = await Promise.all([
            readFunctions(functions, wanted, { functions: options.functions, account, region, registry }),
            (options.traffic ?? []).length > 0 ? health.missing() : undefined,
        ]);
        if (missing !== undefined && !found.running.settled)
            throw new refusal/* Refusal */.P(`${missing} in account ${account}, ${region}; nothing was changed. Correct its name, or make it first`);
        reading = found;
        return found;
    };
    /** Nothing is written yet: the post step of a process that is killed from here on knows where the aliases stood. */
    const begin = (running) => {
        if (reading === undefined)
            throw new Error('the functions were not read');
        const { image } = reading.target;
        const run = options.run.trim().replaceAll(/\s+/g, '-') || 'by-hand';
        deployment = {
            id: `${MARK}${run}-${(0,external_node_crypto_.randomUUID)().slice(0, 8)}`,
            revision: running.revision,
            previous: running,
            startedAt: tools.clock.now(),
            images: Object.fromEntries(reading.functions.map(({ name }) => [name, image])),
        };
        return deployment;
    };
    /** Work that no signal ends, only its own deadline; what it begins with is tried once even after that. */
    const workUntil = (deadline) => ({ functions, tools, pace: paceOf(tools, { ...FREE, deadline }) });
    const isDigestOurs = async (pace, name, version) => {
        const { digest } = await pace.read(() => readCode(functions, name, version));
        return digest === deployment?.images?.[name]?.split('@')[1];
    };
    /** The process that deployed knows what it published. Another one knows it only by the digest. */
    const isOursBy = (pace) => async (name, version) => {
        if (reading !== undefined)
            return version === published.get(name);
        return version !== deployment?.previous.functions?.[name]?.version && (await isDigestOurs(pace, name, version));
    };
    /** Puts back what is not somebody else's: the aliases, then the unpublished code. */
    const takeBack = async (running, deadline) => {
        const work = workUntil(deadline);
        const left = await returnAliases(work, running.functions ?? {}, isOursBy(work.pace));
        // Where the other deployment has brought the same image, `$LATEST` is as it is to be.
        const served = await together(left, async ({ name }) => {
            const now = await work.pace.read(() => readAlias(functions, name));
            return now !== undefined && (await isDigestOurs(work.pace, name, now.version)) ? [name] : [];
        });
        const isTheirs = new Set(served.flat());
        const [image = ''] = Object.values(deployment?.images ?? {});
        const trouble = await returnLatest(work, {
            before: running.functions ?? {},
            ours: { digest: image.split('@')[1] ?? '', architecture: running.platform?.architecture ?? '' },
            isSent: (name) => (reading === undefined || sent.has(name)) && !isTheirs.has(name),
            deadline,
        });
        return { left: left.map(({ by }) => by), trouble };
    };
    const returnOthersBy = async ({ previous }, deadline) => {
        const { left, trouble } = await takeBack(previous, Math.min(tools.clock.monotonic() + OTHERS_TIME, deadline));
        if (trouble !== undefined)
            throw new Error(trouble);
        return left;
    };
    return {
        read: async (wanted) => {
            const { running, target, functions: found } = await read(wanted);
            for (const warning of commandWarnings(found, options.functions))
                tools.log.warning(warning);
            const different = divided(found);
            if (different !== undefined)
                tools.log.warning(different);
            if (target.child && !running.settled)
                tools.log.notice(`Lambda runs no index: ${target.digest}, the one image for its functions in it, is deployed`);
            return running;
        },
        runOnce: async () => {
            throw new refusal/* Refusal */.P("a Lambda service runs no command before it is deployed; remove 'pre-deploy', or give it to another service");
        },
        start: async (_wanted, running) => begin(running),
        attach: async (running) => begin(running),
        watch: async (given, watchOptions) => {
            deployment = given;
            if (reading === undefined) {
                const { deadline } = watchOptions;
                const work = workUntil(deadline);
                return lookBack(work, given, isOursBy(work.pace), (each) => returnOthersBy(each, deadline));
            }
            const { target, functions: found } = reading;
            const notes = target.child ? [`Of the index, ${target.digest} was deployed: Lambda runs no index.`] : [];
            for (const { name, alias: there } of found)
                if (there === undefined)
                    tools.log.notice(`${name} has no alias '${alias}': it is made. Callers that name no alias get the image as soon as it is updated`);
            const watched = await watchFunctions(functions, tools, given, watchOptions, {
                reading,
                place: options,
                description: `${given.id} ${options.runUrl ?? ''} ${target.digest}`.replaceAll(/ +/g, ' ').slice(0, LONGEST_DESCRIPTION),
                health,
                onSent: (name) => sent.add(name),
                onVersion: (name, version) => published.set(name, version),
                // The deployment's own time may be over; the way back has one of its own.
                returnOthers: (each) => returnOthersBy(each, Number.POSITIVE_INFINITY),
                notes,
            });
            isThere = watched.end.state === 'completed';
            return watched;
        },
        causes: async () => [],
        restore: async (running, _ours, deadline) => {
            isThere = false;
            const { left, trouble } = await takeBack(running, deadline);
            const others = left.length === 0 ? [] : [`${left.join(', ')}, which this run did not start, is left alone`];
            const troubles = [...others, ...(trouble === undefined ? [] : [trouble])];
            return troubles.length === 0 ? undefined : troubles.join('; ');
        },
        prove: (expected, aliases, before, limits) => {
            const unaliased = Object.entries(before?.functions ?? {}).filter(([, { version }]) => version === undefined);
            const deadline = Math.min(limits?.deadline ?? Number.POSITIVE_INFINITY, tools.clock.monotonic() + PROOF_TIME);
            /** After a switch it is invoked once more; where nothing was to do only if that can do no harm. */
            const mayInvoke = (smoke) => before === undefined && (isThere || (deployment === undefined && 'version' in smoke));
            return proveFunctions(workUntil(deadline), {
                expected,
                aliases,
                unaliased: new Set(unaliased.map(([name]) => name)),
                smokeOf: (name) => {
                    const { smoke } = options.functions.find((each) => each.name === name) ?? {};
                    return smoke && mayInvoke(smoke) ? smoke : undefined;
                },
            });
        },
        expected: ([wanted]) => Object.fromEntries(options.functions.map(({ name }) => [name, wanted?.digest ?? ''])),
        tidy: async ({ previous }) => {
            for (const { name } of options.functions)
                await deleteOldVersions(functions, tools, name, previous.functions?.[name]?.version);
        },
    };
};


/***/ })

};
