export const id = 457;
export const ids = [457];
export const modules = {

/***/ 5457:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   secretParameter: () => (/* binding */ secretParameter)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4736);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3240);



/** The value of a SecureString, decrypted. It is a secret: the caller masks it before anything else. */
const secretParameter = async (session, name) => {
    const request = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__/* .GetParameterCommand */ .lhy({ Name: name, WithDecryption: true });
    try {
        const { Parameter } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ssm:GetParameter', () => session.client(_aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_1__/* .SSMClient */ .jBj).send(request));
        return Parameter?.Value?.trim() ?? '';
    }
    catch (cause) {
        if (!(0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(cause, 'ParameterNotFound'))
            throw cause;
        throw new _lib_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .Refusal */ .P(`there is no parameter ${name} in account ${session.account}: ` +
            `aws ssm put-parameter --type SecureString --name ${name} --value 'https://hooks.slack.com/services/…'`, { cause });
    }
};


/***/ })

};
