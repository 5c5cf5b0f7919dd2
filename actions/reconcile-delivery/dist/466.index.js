export const id = 466;
export const ids = [466];
export const modules = {

/***/ 4466:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ssmLedger: () => (/* binding */ ssmLedger)
});

// EXTERNAL MODULE: ./build/lib/aws/errors.js + 1 modules
var errors = __webpack_require__(9794);
;// CONCATENATED MODULE: ./build/lib/aws/parameters.js


/** The most that one GetParameterHistory gives, and that one GetParameters takes (API reference). */
const PAGE = 50;
const BATCH = 10;
/** Every version that AWS keeps (100), oldest first; none where the parameter was never written. */
const parameterHistory = async (session, name) => {
    const { paginateGetParameterHistory, SSMClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736)]).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19));
    const pages = paginateGetParameterHistory({ client: session.client(SSMClient), pageSize: PAGE }, { Name: name });
    const read = async () => {
        const found = [];
        for await (const { Parameters = [] } of pages)
            for (const { Version = 0, Value = '', LastModifiedDate } of Parameters)
                found.push({ version: Version, at: LastModifiedDate?.getTime() ?? 0, value: Value });
        return found.toSorted((one, other) => one.version - other.version);
    };
    return (0,errors/* call */.T1)('ssm:GetParameterHistory', read).catch((error) => {
        if ((0,errors/* isNamed */.ev)(error, 'ParameterNotFound'))
            return [];
        throw error;
    });
};
/** Values by name, as many requests at once as it takes. What does not exist is absent. */
const readParameters = async (session, names) => {
    const { GetParametersCommand, SSMClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736)]).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19));
    const ssm = session.client(SSMClient);
    const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) => names.slice(index * BATCH, (index + 1) * BATCH));
    const answers = await Promise.all(batches.map((Names) => (0,errors/* call */.T1)('ssm:GetParameters', () => ssm.send(new GetParametersCommand({ Names })))));
    const found = answers.flatMap(({ Parameters = [] }) => Parameters);
    return new Map(found.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])));
};
/** Writes a parameter of the standard tier, whatever it held before. */
const writeParameter = async (session, name, value) => {
    const { PutParameterCommand, SSMClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736)]).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19));
    const request = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true });
    await call('ssm:PutParameter', () => session.client(SSMClient).send(request));
};
/**
 * The value of a SecureString that holds a Slack webhook, decrypted. It is a secret: the caller masks it before anything
 * else. A parameter that does not exist is a `Refusal` with the command that makes it.
 */
const secretParameter = async (session, name) => {
    const { GetParameterCommand, SSMClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736)]).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19));
    const request = new GetParameterCommand({ Name: name, WithDecryption: true });
    try {
        const { Parameter } = await call('ssm:GetParameter', () => session.client(SSMClient).send(request));
        return Parameter?.Value?.trim() ?? '';
    }
    catch (cause) {
        if (!isNamed(cause, 'ParameterNotFound'))
            throw cause;
        throw new Refusal(`there is no parameter ${name} in account ${session.account}: ` +
            `aws ssm put-parameter --type SecureString --name ${name} --value 'https://hooks.slack.com/services/…'`, { cause });
    }
};

;// CONCATENATED MODULE: ./build/lib/delivery/lease.js
const NOBODY = { version: 0 };
/**
 * Folds the history of the parameter, oldest first and without gaps. A claim is valid if nobody holds, if the one before
 * it has run out, or if it is of the same owner; only a release of the holder itself counts. The same history gives every
 * reader the same answer, and so does what is left of one that was cut.
 */
const leaseAfter = (history) => {
    const entries = history.map((each) => ({ ...each, record: parseLock(each.value) }));
    const first = entries[0]?.version ?? 1;
    const known = first === 1 ? NOBODY : entries.map(({ record }) => record?.seen).find((seen) => seen && seen.version >= first - 1);
    let state = known ?? { version: first - 1, holder: { ...UNKNOWN, since: first - 1 } };
    let time = 0;
    for (const { version, at, record } of entries) {
        time = Math.max(time, at);
        if (version <= state.version)
            continue;
        state = record === undefined ? { ...state, version } : next(state, version, time, record);
    }
    return state;
};
/** Holds where the beginning is missing and nobody wrote what it was: until no claim was made for as long as one lasts. */
const UNKNOWN = { owner: '', purpose: 'unknown', run: '', until: 0 };
const next = ({ holder }, version, at, record) => {
    const { owner, purpose, run } = record;
    if (record.state === 'released')
        return { version, ...(holder !== undefined && holder.owner !== owner && { holder }) };
    const until = at + record.lasts + record.grace;
    if (holder?.owner === '' && (holder.until === 0 || at <= holder.until))
        return { version, holder: { ...holder, until } };
    const isOver = holder === undefined || at > holder.until;
    if (!isOver && holder.owner !== owner)
        return { version, holder };
    const since = isOver ? version : holder.since;
    return { version, holder: { owner, purpose, run, since, until: Math.max(until, isOver ? 0 : holder.until) } };
};
/** The holder at a time of AWS's clock. */
const holderAt = ({ holder }, now) => holder !== undefined && now <= holder.until ? holder : undefined;
/** A value that is no lock record counts for nothing. */
const parseLock = (value) => {
    try {
        const { state, owner, lasts, grace, ...rest } = JSON.parse(value);
        const isRecord = (state === 'held' || state === 'released') && typeof owner === 'string' && owner !== '';
        return isRecord && lasts >= 0 && grace >= 0 ? { state, owner, lasts, grace, ...rest } : undefined;
    }
    catch {
        return undefined;
    }
};

// EXTERNAL MODULE: ./build/lib/delivery/records.js
var records = __webpack_require__(5699);
;// CONCATENATED MODULE: ./build/actions/reconcile-delivery/src/ssm.js



const ssmLedger = (session) => ({
    releases: async (parameter) => (0,records/* releaseHistory */.Cb)(await parameterHistory(session, parameter), parameter).map(({ release, at }) => ({ release, writtenAt: at })),
    lock: async (parameter) => lastClaim(await parameterHistory(session, parameter)),
    values: (parameters) => readParameters(session, parameters),
});
/** Whoever has not given the lease back, in time or not. */
const lastClaim = (history) => {
    const { holder } = leaseAfter(history);
    if (holder === undefined || holder.until === 0)
        return undefined;
    return { owner: holder.owner, purpose: holder.purpose, expiresAt: holder.until };
};


/***/ })

};
