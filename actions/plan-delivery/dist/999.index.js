export const id = 999;
export const ids = [999];
export const modules = {

/***/ 8999:
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

// EXTERNAL MODULE: ./build/lib/delivery/records.js
var records = __webpack_require__(5699);
;// CONCATENATED MODULE: ./build/actions/plan-delivery/src/ssm.js


const ssmLedger = (session) => ({
    guard: () => session.guard(),
    releases: async (parameter) => (0,records/* releaseHistory */.Cb)(await parameterHistory(session, parameter), parameter).map(({ release }) => release),
    standing: async (names, images) => {
        const found = await readParameters(session, [names.release, names.hold, names.infra, ...images]);
        const [release, held] = [found.get(names.release), found.get(names.hold)];
        const hold = held === undefined ? undefined : (0,records/* parseHold */.R8)(held, names.hold);
        const infra = (0,records/* readInfrastructure */.m1)(found.get(names.infra));
        return {
            ...(release !== undefined && { release: (0,records/* parseRelease */.BC)(release, names.release) }),
            ...(hold && { hold }),
            ...(infra && { infra }),
            missing: images.filter((name) => !found.has(name)),
        };
    },
});


/***/ })

};
