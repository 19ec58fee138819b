// Equivalent commands of the AWS CLI, to be pasted into a POSIX shell.
const quoted = (text: string): string => (/^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function awsCommand(operation: string, options: Record<string, string | undefined>): string {
  const parts = [`aws stepfunctions ${operation}`, `--endpoint-url ${quoted(location.origin)}`];
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== "") parts.push(`--${name} ${quoted(value)}`);
  }
  return parts.join(" \\\n    ");
}
