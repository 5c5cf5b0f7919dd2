export const id = 64;
export const ids = [64];
export const modules = {

/***/ 6064:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ssmLedger: () => (/* binding */ ssmLedger)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ssm/dist-cjs/index.js
var dist_cjs = __webpack_require__(4736);
// EXTERNAL MODULE: ./build/lib/aws/errors.js + 1 modules
var errors = __webpack_require__(9794);
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




/** Most that SSM gives in one page of a history, and takes in one GetParameters (API reference). */
const PAGE = 50;
const BATCH = 10;
const ssmLedger = (session) => {
    const ssm = session.client(dist_cjs/* SSMClient */.jBj);
    /** Oldest first; empty where the parameter was never written. */
    const history = async (parameter) => {
        const read = async () => {
            const found = [];
            for await (const page of (0,dist_cjs/* paginateGetParameterHistory */.b7d)({ client: ssm, pageSize: PAGE }, { Name: parameter })) {
                found.push(...(page.Parameters ?? []));
            }
            return found.toSorted((a, b) => (a.Version ?? 0) - (b.Version ?? 0));
        };
        try {
            return await (0,errors/* call */.T1)('ssm:GetParameterHistory', read);
        }
        catch (error) {
            if ((0,errors/* isNamed */.ev)(error, 'ParameterNotFound'))
                return [];
            throw error;
        }
    };
    return {
        releases: async (parameter) => readable(await history(parameter), parameter),
        lock: async (parameter) => lastClaim(await history(parameter)),
        values: async (parameters) => {
            const batches = Array.from({ length: Math.ceil(parameters.length / BATCH) }, (_, index) => parameters.slice(index * BATCH, (index + 1) * BATCH));
            const answers = await Promise.all(batches.map((Names) => (0,errors/* call */.T1)('ssm:GetParameters', () => ssm.send(new dist_cjs/* GetParametersCommand */.AFe({ Names })))));
            const found = answers.flatMap(({ Parameters = [] }) => Parameters);
            return new Map(found.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])));
        },
    };
};
/** The newest value must be a release. An older one that was spoilt by hand is passed over. */
const readable = (history, parameter) => history.flatMap(({ Value = '', LastModifiedDate }, index) => {
    try {
        return [{ release: (0,records/* parseRelease */.BC)(Value, parameter), writtenAt: LastModifiedDate?.getTime() ?? 0 }];
    }
    catch (error) {
        if (index === history.length - 1)
            throw error;
        return [];
    }
});
/** Whoever has not given the lease back, in time or not. */
const lastClaim = (history) => {
    const versions = history.map(({ Version = 0, Value = '', LastModifiedDate }) => ({
        version: Version,
        at: LastModifiedDate?.getTime() ?? 0,
        value: Value,
    }));
    const { holder } = leaseAfter(versions);
    if (holder === undefined || holder.until === 0)
        return undefined;
    return { owner: holder.owner, purpose: holder.purpose, expiresAt: holder.until };
};


/***/ })

};
