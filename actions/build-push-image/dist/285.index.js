export const id = 285;
export const ids = [285];
export const modules = {

/***/ 8285:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openSession: () => (/* binding */ openSession)
});

// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
// EXTERNAL MODULE: ./build/lib/aws/errors.js + 1 modules
var errors = __webpack_require__(9794);
;// CONCATENATED MODULE: ./build/lib/aws/request-limits.js
/**
 * Makes an SDK client give a request up after that many milliseconds without an answer, or in the middle of one: the SDK's
 * `requestTimeout` ends with the head of an answer, and its own limit for the body is a quarter of an hour.
 */
const requestLimits = (milliseconds) => ({
    requestTimeout: milliseconds,
    socketTimeout: milliseconds,
    connectionTimeout: Math.min(milliseconds, 5_000),
    throwOnRequestTimeout: true,
});

;// CONCATENATED MODULE: ./build/lib/aws/assume.js



const AUDIENCE = 'sts.amazonaws.com';
const HOUR = 3600;
/** Exchanges this job's OIDC token for credentials of a role, valid for an hour. */
const assumeRole = async (request, role) => {
    const token = await request.idToken(AUDIENCE);
    const { AssumeRoleWithWebIdentityCommand, STSClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(695)]).then(__webpack_require__.t.bind(__webpack_require__, 1695, 19));
    const sts = new STSClient({ region: request.region, requestHandler: requestLimits(request.requestTimeout) });
    const input = { RoleArn: role, RoleSessionName: request.sessionName, WebIdentityToken: token, DurationSeconds: HOUR };
    const send = () => sts.send(new AssumeRoleWithWebIdentityCommand(input));
    const answer = await (0,errors/* call */.T1)('sts:AssumeRoleWithWebIdentity', send).catch((error) => {
        if ((0,errors/* isPassing */.WG)(error))
            throw error;
        const cause = error.cause;
        throw new refusal/* Refusal */.P(explainRefusal(role, token, cause), { cause });
    });
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration = new Date(0) } = answer.Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
};
/** The claims that AWS maps to condition keys (service authorization reference of STS, January 2026), and `exp`. */
const CLAIMS = [
    'sub',
    'aud',
    'ref',
    'environment',
    'job_workflow_ref',
    'repository',
    'repository_id',
    'repository_owner_id',
    'exp',
];
const CHECKS = {
    AccessDenied: 'check that the role exists in this account and that each condition of its trust policy equals the claim above, upper and lower case included',
    ExpiredToken: "the token had expired before STS saw it: run the job again, and check the runner's clock",
    InvalidIdentityToken: `check that the account has GitHub's OIDC provider, and that its client ids list ${AUDIENCE}`,
    IDPCommunicationError: 'AWS could not reach the issuer of the token; run the job again',
};
/** STS never says which condition failed, so this shows what it saw. The token itself is not part of the text. */
const explainRefusal = (role, token, error) => {
    const claims = decodeClaims(token);
    const seen = CLAIMS.flatMap((name) => (claims[name] === undefined ? [] : [`  ${name}: ${show(name, claims[name])}`]));
    return [
        `STS refused to let this job assume ${role}: ${error.name}: ${error.message}`,
        "the token's claims were:",
        ...(seen.length > 0 ? seen : ['  (none that could be read)']),
        CHECKS[error.name.replace(/Exception$/, '')] ?? 'check the network between this runner and STS, and the region',
    ].join('\n');
};
const show = (name, value) => name === 'exp' && typeof value === 'number' ? new Date(value * 1000).toISOString() : String(value);
const decodeClaims = (token) => {
    try {
        return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    }
    catch {
        return {};
    }
};

;// CONCATENATED MODULE: ./build/lib/aws/session.js




const RENEW_BEFORE = 300_000;
/** Credentials stay in this process: nothing is exported, written, or passed on. */
const openSession = async (request) => {
    const credentials = request.role === undefined ? undefined : await roleCredentials(request, request.role);
    const config = {
        region: request.region,
        requestHandler: requestLimits(request.requestTimeout),
        ...(credentials && { credentials }),
        ...(request.profile !== undefined && { profile: request.profile }),
    };
    let confirmed;
    return {
        account: request.account,
        region: request.region,
        requestTimeout: request.requestTimeout,
        guard: () => (confirmed ??= confirmAccount(config, request).catch((error) => {
            // What AWS has decided stands; a question that got no answer may be asked again.
            if (!(error instanceof refusal/* Refusal */.P))
                confirmed = undefined;
            throw error;
        })),
        client: (Client, region = config.region) => new Client({ ...config, region }),
        clientWithoutRetry: (Client) => new Client({ ...config, maxAttempts: 1 }),
    };
};
const confirmAccount = async (config, { account }) => {
    const { GetCallerIdentityCommand, STSClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(695)]).then(__webpack_require__.t.bind(__webpack_require__, 1695, 19));
    const caller = await (0,errors/* call */.T1)('sts:GetCallerIdentity', () => new STSClient(config).send(new GetCallerIdentityCommand({})));
    if (caller.Account === account)
        return;
    throw new refusal/* Refusal */.P(`wrong account: these credentials belong to ${caller.Account} (${caller.Arn}), expected ${account}; ` +
        "nothing was changed. Correct 'aws-account-id', or the credentials of this job");
};
/** Assumes the role now, so that a refusal is seen at once, and again whenever less than five minutes are left. */
const roleCredentials = async (request, role) => {
    const owner = role.split(':')[4];
    if (owner !== request.account) {
        throw new refusal/* Refusal */.P(`wrong account: the role ${role} belongs to ${owner}, expected ${request.account}; nothing was changed`);
    }
    let current = await assumeRole(request, role);
    let renewal;
    return async () => {
        if (current.expiration.getTime() - request.now() > RENEW_BEFORE)
            return current;
        renewal ??= assumeRole(request, role).finally(() => {
            renewal = undefined;
        });
        current = await renewal;
        return current;
    };
};


/***/ })

};
