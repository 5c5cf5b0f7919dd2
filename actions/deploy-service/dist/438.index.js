export const id = 438;
export const ids = [438];
export const modules = {

/***/ 2438:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readLifecycle: () => (/* binding */ readLifecycle)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8249);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2811);
/* harmony import */ var _lifecycle_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8274);



/** A thousand images each. What is older than these is not what runs. */
const MOST_PAGES = 10;
/**
 * The lifecycle rules of a repository, and its images as far as the rules need them; undefined where it has no policy. Rejects
 * where they may not be read: in the registry of another account that takes its repository policy as well.
 */
const readLifecycle = async (session, { account, region, name }, digests, abortSignal) => {
    const ecr = session.client(_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__.ECRClient, region);
    const repository = { registryId: account, repositoryName: name };
    const read = () => ecr.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__/* .GetLifecyclePolicyCommand */ .O0C(repository), { abortSignal });
    const policy = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecr:GetLifecyclePolicy', read).catch((error) => {
        if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'LifecyclePolicyNotFoundException', 'RepositoryNotFoundException'))
            return undefined;
        throw error;
    });
    const rules = (0,_lifecycle_js__WEBPACK_IMPORTED_MODULE_2__/* .parseLifecycle */ .Ss)(policy?.lifecyclePolicyText ?? '{}');
    if (rules.length === 0)
        return undefined;
    const some = async (imageDigest) => {
        const command = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__/* .DescribeImagesCommand */ .ji5({ ...repository, imageIds: [{ imageDigest }] });
        try {
            return (await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecr:DescribeImages', () => ecr.send(command, { abortSignal }))).imageDetails ?? [];
        }
        catch (error) {
            if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'ImageNotFoundException'))
                return [];
            throw error;
        }
    };
    const all = async () => {
        const found = [];
        let pages = 0;
        for await (const page of (0,_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_1__/* .paginateDescribeImages */ .XiR)({ client: ecr, pageSize: 1_000 }, repository)) {
            found.push(...(page.imageDetails ?? []));
            pages += 1;
            if (pages === MOST_PAGES)
                break;
        }
        return found;
    };
    const details = (0,_lifecycle_js__WEBPACK_IMPORTED_MODULE_2__/* .needsAll */ .XB)(rules) ? await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecr:DescribeImages', all) : (await Promise.all(digests.map(some))).flat();
    return { rules, images: details.map(ageing) };
};
const ageing = ({ imageDigest = '', imageTags = [], imagePushedAt }) => ({
    digest: imageDigest,
    tags: imageTags,
    pushedAt: imagePushedAt?.getTime() ?? 0,
});


/***/ })

};
