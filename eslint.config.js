// The scripts of a screen are put together to one module: each knows the names that the others
// declare at the left margin, and the last one exports.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import js from "@eslint/js";
import globals from "globals";

const texts = readdirSync("zi_eval", { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => [`zi_eval/${name}`, readFileSync(join("zi_eval", name), "utf8")]);
const names = texts.flatMap(([, text]) =>
  [...text.matchAll(/^(?:async )?(?:function|class|const) (\w+)/gm)].map(([, name]) => [name, "readonly"]),
);
const last = texts.filter(([, text]) => /^export /m.test(text)).map(([name]) => name);
const escaped = "Text of people is text: use textContent, or el() with text.";

export default [
  js.configs.recommended,
  {
    files: ["zi_eval/**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: { ...globals.browser, ...Object.fromEntries(names) },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: escaped })),
      ],
      "no-shadow": "error",
      "no-unused-vars": ["error", { vars: "local", caughtErrors: "all" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: last, languageOptions: { sourceType: "module" } },
];
