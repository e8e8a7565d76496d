/**
 * Decides how a place is named where people read it: without its credentials. When in doubt more is hidden than needed,
 * because what was printed once stays printed.
 */

const secretNames = /pass|pwd|secret|token|key$/i;

/** The URL with its password replaced by `***`, in front of the host as well as among the parameters. */
export function withoutCredentials(url: string): string {
  // Up to the last @: a password that was not escaped may hold slashes, question marks and more of them.
  // Without slashes it is a URL of which somebody forgot the scheme.
  const bare = url.replace(/(:\/\/[^/?#:@]*):.*@/s, '$1:***@').replace(/^([\w+.-]+:)(?!\/).*@/s, '$1***@');
  const mark = bare.indexOf('?');
  const [place, query] = mark === -1 ? [bare, ''] : [bare.slice(0, mark), bare.slice(mark + 1)];
  const shown = mark === -1 ? place : `${place}?${query.split('&').map(hideSecret).join('&')}`;
  // The other form in which PostgreSQL is named: host=db password=secret.
  return shown.replace(/\b(password|passwd|pwd)(\s*=\s*)('[^']*'|[^\s&]+)/gi, '$1$2***');
}

function hideSecret(parameter: string): string {
  const [name = '', ...value] = parameter.split('=');
  return value.length > 0 && secretNames.test(decoded(name)) ? `${name}=***` : parameter;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A name that cannot be read may be anything; it is shown, and judged, as it stands.
    return text;
  }
}
