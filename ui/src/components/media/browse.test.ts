import { describe, expect, it } from 'vitest';
import { decodeStep, encodeStep, isLocal, isOwn, kindOf, matching, type MediaItem, refusalOf, smallCopyOf } from './browse';

describe('browsing media', () => {
  it('keeps the way to a folder in the address, whatever it is called', () => {
    const step = { media_content_type: 'app,x', title: 'Ann, Bob & 50 %', media_content_id: 'media-source://media_source/local/a,b' };
    expect(decodeStep(encodeStep(step))).toEqual(step);
    expect([decodeStep('x'), decodeStep(''), decodeStep('a,%E0%A4%A,b')]).toEqual([null, null, null]);
  });

  it('knows what is whose, and how it is shown', () => {
    expect(['media-source://media_source', 'media-source://media_source/local/x', 'media-source://media_sourcery', 'media-source://camera/a'].map(isLocal)).toEqual([true, true, false, false]);
    expect([kindOf('multipart/x-mixed-replace', 'video'), kindOf('audio/mpeg', 'music'), kindOf(null, 'image'), kindOf('application/x', 'episode'), kindOf(null, 'what')]).toEqual(['image', 'audio', 'image', 'video', 'audio']);
    expect(['/media/local/a.mp3', '//elsewhere', '/\\elsewhere', 'https://elsewhere', 'javascript:x'].map(isOwn)).toEqual([true, false, false, false, false]);
  });

  it('knows where the small copy of a picture is', () => {
    expect(smallCopyOf('media-source://media_source/local/Sommer 1/Bär & Söhne #1.JPG')).toBe('/api/media_thumbnail/local/Sommer%201/B%C3%A4r%20%26%20S%C3%B6hne%20%231.JPG');
    expect(['media-source://media_source/local/a.svg', 'media-source://media_source/local/a.mp3', 'media-source://image_upload/a.jpg', 'media-source://media_sourcery/local/a.jpg'].map(smallCopyOf)).toEqual([null, null, null, null]);
  });

  it('says before sending what would be refused', () => {
    expect([refusalOf({ type: 'audio/mpeg', size: 10 }), refusalOf({ type: 'text/plain', size: 10 }), refusalOf({ type: 'video/mp4', size: 2 ** 30 })]).toEqual([null, 'kind', 'size']);
  });

  it('finds by words', () => {
    const items = ['Rain', 'Morning song'].map((title) => ({ title })) as MediaItem[];
    expect([matching(items, ' SONG ').length, matching(items, '').length]).toEqual([1, 2]);
  });
});
