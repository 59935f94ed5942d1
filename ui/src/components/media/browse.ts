/** Things to play as the server tells them, and the way to a folder as an address keeps it. Pure. */

export interface MediaItem {
  title: string;
  media_class: string;
  media_content_type: string;
  media_content_id: string;
  can_play: boolean;
  can_expand: boolean;
  thumbnail: string | null;
}

export interface MediaFolder extends MediaItem {
  children?: MediaItem[];
  /** So many more are there, and not told. */
  not_shown?: number;
}

/** A folder on the way to where one is. */
export type Step = Pick<MediaItem, 'title' | 'media_content_type' | 'media_content_id'>;
export type Kind = 'image' | 'video' | 'audio';

/** A step as a parameter of an address: type and title without commas, then the id as it is. */
export const encodeStep = ({ title, media_content_type, media_content_id }: Step): string => `${encodeURIComponent(media_content_type)},${encodeURIComponent(title)},${media_content_id}`;

/** null: somebody wrote something else. */
export function decodeStep(text: string): Step | null {
  const [type, title, ...id] = text.split(',');
  if (type === undefined || title === undefined || id.length === 0) return null;
  try {
    return { media_content_type: decodeURIComponent(type), title: decodeURIComponent(title), media_content_id: id.join(',') };
  } catch {
    return null;
  }
}

const LOCAL = 'media-source://media_source';
/** Of the home's own media folder: there files may be put and deleted. */
export const isLocal = (id: string): boolean => id === LOCAL || id.startsWith(`${LOCAL}/`);

/** Of these kinds the server makes small copies; a drawing (SVG) is small itself. */
const SMALL_COPIES = /\.(jpe?g|png|gif|webp|bmp)$/i;

/** Where the small copy of a picture in the home's own media folder is; null: there is none. */
export function smallCopyOf(id: string): string | null {
  const path = id.startsWith(`${LOCAL}/local/`) && SMALL_COPIES.test(id) ? id.slice(LOCAL.length + 1) : null;
  return path === null ? null : `/api/media_thumbnail/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const CLASSES: Record<string, Kind> = { image: 'image', video: 'video', movie: 'video', episode: 'video', tv_show: 'video', music: 'audio', track: 'audio', podcast: 'audio', album: 'audio', url: 'audio' };

/** How something is shown here: by what it is (MIME type), else by what it is said to be. */
export function kindOf(mime: string | null | undefined, mediaClass: string): Kind {
  const group = mime?.split('/')[0];
  if (group === 'multipart') return 'image'; // one picture after the other
  return group === 'image' || group === 'video' || group === 'audio' ? group : (CLASSES[mediaClass] ?? 'audio');
}

/** Whether pages of this server may play from there. */
export const isOwn = (url: string): boolean => /^\/(?![/\\])/.test(url);

/** What the server takes; more is refused before it is sent. */
export const MOST_BYTES = 16 * 1024 * 1024 - 64 * 1024;

/** Why a file would be refused; null: it would not. */
export function refusalOf({ type, size }: { type: string; size: number }): 'kind' | 'size' | null {
  if (!/^(image|audio|video)\//.test(type)) return 'kind';
  return size > MOST_BYTES ? 'size' : null;
}

export function matching(items: readonly MediaItem[], words: string): readonly MediaItem[] {
  const wanted = words.trim().toLowerCase();
  return wanted ? items.filter((item) => item.title.toLowerCase().includes(wanted)) : items;
}
