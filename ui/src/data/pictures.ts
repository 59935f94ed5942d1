import type { HomeSession } from './session';

/** Sends a picture to the server, which keeps it; its address in the wished size (`512x512`, or as it was sent). */
export async function uploadPicture(session: HomeSession, file: File, size = 'original'): Promise<string> {
  const body = new FormData();
  body.append('file', file);
  const { id } = await session.rest<{ id: string }>('/api/image/upload', { method: 'POST', body });
  return `/api/image/serve/${id}/${size}`;
}
