import type { Telling } from './messages';

/** The module that kernels are told through. */
const MODULE = 'jupyterlab_experiments.kernel';

/** Python for a kernel that is known to have our package: one expression. */
export function tellingCode(telling: Telling): string {
  return callCode('tell', pythonText(JSON.stringify(telling)));
}

/** Python that turns autologging on or off in a kernel that has our package. */
export function autologgingCode(isOn: boolean): string {
  return callCode('set_autologging', isOn ? 'True' : 'False');
}

/**
 * Makes the Python that tells a kernel which may lack our package; it brings
 * the package along. Fetched when there is a notebook.
 */
export type TellWithPart = (telling: Telling) => string;

/**
 * Python for a kernel that may lack our package, while the package is not
 * fetched: one expression that leaves no name behind and never raises.
 */
export function askingCode(telling: Telling): string {
  const code = [
    'try:',
    `    from ${MODULE} import tell`,
    '    tell(telling)',
    'except Exception:',
    '    pass'
  ].join('\n');
  return execCode(code, { telling: JSON.stringify(telling) });
}

/** Python that runs code in a namespace of its own: one expression. */
export function execCode(
  code: string,
  names: Readonly<Record<string, string>>
): string {
  return `__import__("builtins").exec(${pythonText(code)}, ${JSON.stringify(names)})`;
}

function callCode(name: string, argument: string): string {
  return `__import__("${MODULE}", fromlist=["${name}"]).${name}(${argument})`;
}

/** A JSON string is a Python string literal, escapes included. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}
