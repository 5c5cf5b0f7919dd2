export const id = 930;
export const ids = [930];
export const modules = {

/***/ 5930:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ecrRegistry: () => (/* binding */ ecrRegistry)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8249);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2811);
/* harmony import */ var _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3240);



/** Without these ECR answers only for Docker's old manifest type. */
const MANIFESTS = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.docker.distribution.manifest.v2+json',
];
const ecrRegistry = (session) => {
    const ecr = session.client(_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .ECRClient */ .S70);
    return {
        guard: () => session.guard(),
        digest: async (repository, tag) => {
            const command = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .BatchGetImageCommand */ .P8n({
                registryId: session.account,
                repositoryName: repository,
                imageIds: [{ imageTag: tag }],
                acceptedMediaTypes: MANIFESTS,
            });
            const { images = [], failures = [] } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ecr:BatchGetImage', () => ecr.send(command)).catch((cause) => {
                throw (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(cause, 'RepositoryNotFoundException') ? missing(repository, session, cause) : cause;
            });
            const failure = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound');
            if (failure)
                throw new Error(`ecr:BatchGetImage failed for ${repository}:${tag}: ${failure.failureCode}: ${failure.failureReason}`);
            return images[0]?.imageId?.imageDigest;
        },
    };
};
const missing = (repository, { account, region }, cause) => new _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .Refusal */ .P(`the registry ${account} in ${region} has no repository ${repository}; create it with the Registry stack: gh workflow run infra.yml`, { cause });


/***/ }),

/***/ 2811:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T1: () => (/* binding */ call),
/* harmony export */   ev: () => (/* binding */ isNamed)
/* harmony export */ });
/* unused harmony export explain */
/** Whether an error is one of these, by the name that the SDK gives it. */
const isNamed = (error, ...names) => error instanceof Error && names.includes(error.name);
const DENIED = /not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?/;
/**
 * One line for an error of an AWS call: what was asked, AWS's own words, and for the common causes what to do.
 * `call` is written as in a policy, `ecs:UpdateService`.
 */
const explain = (call, error) => {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    const { action, resource } = DENIED.exec(message)?.groups ?? {};
    if (action)
        return `${call} was denied: allow ${action}${resource ? ` on ${resource}` : ''} to the role of this job`;
    if (/AccessDenied|UnauthorizedOperation/.test(name))
        return `${call} was denied: ${message}`;
    if (/ExpiredToken|RequestExpired/.test(name))
        return `${call}: the credentials of this job have expired`;
    if (/TimeoutError/.test(name))
        return `${call} did not answer in time; see 'request-timeout'`;
    if (/ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN/.test(message + networkCode(error))) {
        return `${call}: no connection to AWS (${networkCode(error) || message})`;
    }
    return `${call} failed: ${name}: ${message}`;
};
const networkCode = (error) => error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
/** Runs one AWS call; what it throws keeps its name and gets a message in the user's words. */
const call = async (name, send) => {
    try {
        return await send();
    }
    catch (cause) {
        const error = new Error(explain(name, cause), { cause });
        if (cause instanceof Error)
            error.name = cause.name;
        throw error;
    }
};


/***/ })

};
