export const id = 221;
export const ids = [221];
export const modules = {

/***/ 221:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ssmLedger: () => (/* binding */ ssmLedger)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4736);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5699);



/** Most that SSM gives in one page. */
const PAGE = 50;
const ssmLedger = (session) => {
    const ssm = session.client(_aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__/* .SSMClient */ .jBj);
    const values = async (parameter) => {
        const found = [];
        for await (const page of (0,_aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__/* .paginateGetParameterHistory */ .b7d)({ client: ssm, pageSize: PAGE }, { Name: parameter })) {
            for (const { Version = 0, Value = '' } of page.Parameters ?? [])
                found.push({ version: Version, value: Value });
        }
        return found.toSorted((a, b) => a.version - b.version).map(({ value }) => value);
    };
    return {
        guard: () => session.guard(),
        releases: async (parameter) => {
            try {
                return readable(await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ssm:GetParameterHistory', () => values(parameter)), parameter);
            }
            catch (error) {
                if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'ParameterNotFound'))
                    return [];
                throw error;
            }
        },
        standing: async (names) => {
            const command = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_2__/* .GetParametersCommand */ .AFe({ Names: [names.release, names.hold] });
            const { Parameters = [] } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ssm:GetParameters', () => ssm.send(command));
            const read = (name) => Parameters.find((parameter) => parameter.Name === name)?.Value;
            const [release, held] = [read(names.release), read(names.hold)];
            const hold = held === undefined ? undefined : (0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_1__/* .parseHold */ .R8)(held, names.hold);
            return { ...(release !== undefined && { release: (0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_1__/* .parseRelease */ .BC)(release, names.release) }), ...(hold && { hold }) };
        },
    };
};
/**
 * The newest value must be a release, because it lists all that was rejected. An older one that was spoilt by hand proves
 * nothing and is passed over.
 */
const readable = (values, parameter) => {
    const newest = values.at(-1);
    if (newest === undefined)
        return [];
    const older = values.slice(0, -1).flatMap((value) => {
        try {
            return [(0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_1__/* .parseRelease */ .BC)(value, parameter)];
        }
        catch {
            return [];
        }
    });
    return [...older, (0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_1__/* .parseRelease */ .BC)(newest, parameter)];
};


/***/ })

};
