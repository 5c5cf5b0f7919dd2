export const id = 847;
export const ids = [847];
export const modules = {

/***/ 2847:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   lambdaPlatform: () => (/* binding */ lambdaPlatform)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9315);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);


/** What Lambda runs: the image of the version that the alias points to, not of what was updated last. */
const lambdaPlatform = (session) => {
    const lambda = session.client(_aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_1__/* .LambdaClient */ .Nox);
    const unlessMissing = (asked) => asked.catch((error) => {
        if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'ResourceNotFoundException'))
            return undefined;
        throw error;
    });
    /** Of an image function `CodeSha256` is the digest of the image, in hex (recorded answers of AWS). */
    const digestOf = async (FunctionName, Qualifier) => {
        const input = { FunctionName, Qualifier };
        const { Configuration } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('lambda:GetFunction', () => lambda.send(new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_1__/* .GetFunctionCommand */ .YF5(input)));
        const isImage = Configuration?.PackageType === 'Image' && /^[0-9a-f]{64}$/.test(Configuration.CodeSha256 ?? '');
        return isImage ? `sha256:${Configuration.CodeSha256}` : 'unknown';
    };
    const seen = async (FunctionName, Name) => {
        const alias = await unlessMissing((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('lambda:GetAlias', () => lambda.send(new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_1__/* .GetAliasCommand */ .MES({ FunctionName, Name }))));
        if (alias === undefined)
            return { reason: `there is no function ${FunctionName} with an alias ${Name}` };
        const versions = versionsWithTraffic(alias);
        return { digests: await Promise.all(versions.map((version) => digestOf(FunctionName, version))), moving: versions.length > 1 };
    };
    const lookAt = async ({ functions, alias }) => {
        const found = await Promise.all(functions.map((name) => seen(name, alias)));
        const missing = found.flatMap((each) => ('reason' in each ? [each.reason] : []));
        if (missing.length > 0)
            return { state: 'missing', reason: missing.join('; ') };
        const running = {};
        const there = found.flatMap((each) => ('digests' in each ? [each] : []));
        for (const digest of there.flatMap(({ digests }) => digests))
            running[digest] = (running[digest] ?? 0) + 1;
        return { state: 'seen', desired: functions.length, running, changing: there.some(({ moving }) => moving) };
    };
    return {
        look: async (places) => {
            const live = [];
            // One service after the other: all reads but GetFunction share 15 requests a second in an account (Lambda quotas).
            for (const place of places)
                live.push(await lookAt(place));
            return live;
        },
    };
};
/** While traffic is being moved there are two. */
const versionsWithTraffic = ({ FunctionVersion = '$LATEST', RoutingConfig }) => {
    const others = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {}).filter(([, weight]) => weight > 0);
    return [FunctionVersion, ...others.map(([version]) => version)];
};


/***/ })

};
