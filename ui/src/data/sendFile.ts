import { ApiError } from './session';

interface Options {
  /** Of whoever sends it, where one is needed. */
  token?: string | undefined;
  onPercent: (percent: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as a form and says how far it is, which `fetch` cannot. The answer's JSON; fails with an `ApiError` whose code is the status. */
export function sendFile(path: string, file: File, { token, onPercent, signal }: Options): Promise<unknown> {
  const form = new FormData();
  form.append('file', file, file.name);
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onPercent(total ? Math.round((loaded / total) * 100) : 0);
    request.onload = () => {
      let body: { message?: string } | null = null;
      try {
        body = JSON.parse(request.responseText) as { message?: string };
      } catch {
        // a plain text: said as it is
      }
      if (request.status >= 200 && request.status < 300) done(body);
      else fail(new ApiError(String(request.status), body?.message ?? request.responseText, body));
    };
    request.onerror = () => fail(new ApiError('connection', ''));
    request.onabort = () => fail(new ApiError('aborted', ''));
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
