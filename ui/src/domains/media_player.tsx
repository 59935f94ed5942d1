import { lazy, Suspense, useState } from 'react';
import { mdiPause, mdiPlay, mdiPlayBoxMultipleOutline, mdiPower, mdiRepeat, mdiRepeatOff, mdiRepeatOnce, mdiShuffle, mdiSkipNext, mdiSkipPrevious, mdiStop, mdiVolumeHigh, mdiVolumeMinus, mdiVolumeOff, mdiVolumePlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button, IconButton } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { Slider } from '@/components/fields';
import { type Step } from '@/components/media/browse';
import { closeMoreInfo } from '@/components/MoreInfo';
import { EntitiesPicker } from '@/components/pickers';
import { Skeleton } from '@/components/Skeleton';
import { useCall } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { nameOf, useAttributeWords } from '@/data/words';
import { has, listOf, numberOf, textOf, useControl } from './_controls/control';
import { Choices, Fields, Row, Stack, Tile } from './_controls/parts';
import { clockOf } from './_controls/time';
import { useNow } from './_controls/useNow';
import styles from './media_player.module.css';

const MediaBrowser = lazy(() => import('@/components/media/MediaBrowser').then((module) => ({ default: module.MediaBrowser })));
const BIT = { pause: 1, seek: 2, volume: 4, mute: 8, previous: 16, next: 32, on: 128, off: 256, step: 1024, source: 2048, stop: 4096, play: 16384, shuffle: 32768, media: 512, sound: 65536, browse: 131072, repeat: 262144, grouping: 524288 };
const REPEATS = ['off', 'all', 'one'] as const;
const REPEAT_ICONS = { off: mdiRepeatOff, all: mdiRepeat, one: mdiRepeatOnce };
const OFF = new Set(['off', 'standby', 'unavailable']);

function Position({ entity, onSeek, disabled }: { entity: Entity; onSeek: (to: number) => void; disabled: boolean }) {
  const { t } = useTranslation('domains');
  const playing = entity.state === 'playing';
  const now = useNow(playing);
  const duration = numberOf(entity, 'media_duration') ?? 0;
  const since = Date.parse(textOf(entity, 'media_position_updated_at') ?? '');
  const position = Math.min(duration, (numberOf(entity, 'media_position') ?? 0) + (playing && since ? Math.max(0, (now - since) / 1000) : 0));
  return <Slider label={t('media.position')} max={duration} value={position} disabled={disabled} format={(value) => `${clockOf(value)} / ${clockOf(duration)}`} onChangeEnd={onSeek} />;
}

export default function MediaPlayerControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation(['domains', 'components']);
  const words = useAttributeWords();
  const { act, shown, gone } = useControl(entity);
  const call = useCall();
  const [browses, setBrowses] = useState(false);
  const [path, setPath] = useState<readonly Step[]>([]);
  const leave = () => {
    setBrowses(false);
    closeMoreInfo();
  };
  const state = shown('state', entity.state);
  const off = OFF.has(state);
  const playing = state === 'playing';
  const picture = textOf(entity, 'entity_picture');
  const title = textOf(entity, 'media_title');
  const artist = [textOf(entity, 'media_artist') ?? textOf(entity, 'media_series_title'), textOf(entity, 'media_album_name')].filter(Boolean).join(' · ');
  const muted = shown('muted', entity.attributes.is_volume_muted === true);
  const repeat = shown('repeat', textOf(entity, 'repeat') ?? 'off') as keyof typeof REPEAT_ICONS;
  const shuffle = shown('shuffle', entity.attributes.shuffle === true);
  const members = listOf(entity, 'group_members').filter((each) => each !== entity.entity_id);
  const regroup = (next: string[]) => {
    const added = next.filter((each) => !members.includes(each));
    if (added.length) void act('join', { group_members: [...members, ...added] });
    const left = members.filter((each) => !next.includes(each));
    if (left.length) void call('media_player', 'unjoin', {}, { entity_id: left });
  };

  return (
    <Stack>
      {!off && (title || picture) && (
        <div className={styles.playing}>
          {picture?.startsWith('/') && <img className={styles.art} src={picture} alt="" />}
          {title && <div className={styles.title}>{title}</div>}
          {artist && <div className={styles.artist}>{artist}</div>}
        </div>
      )}
      {!off && has(entity, BIT.seek) && numberOf(entity, 'media_duration') !== null && <Position entity={entity} disabled={gone} onSeek={(to) => void act('media_seek', { seek_position: to })} />}
      <Row label={t('media.transport')}>
        {has(entity, off ? BIT.on : BIT.off) && <Tile round icon={mdiPower} label={off ? t('turnOn') : t('turnOff')} disabled={gone} onPress={() => void act(off ? 'turn_on' : 'turn_off', {}, { state: off ? 'idle' : 'off' })} />}
        {!off && has(entity, BIT.previous) && <Tile round icon={mdiSkipPrevious} label={t('media.previous')} disabled={gone} onPress={() => void act('media_previous_track')} />}
        {!off && has(entity, playing ? BIT.pause : BIT.play) && (
          <Tile round kind="strong" icon={playing ? mdiPause : mdiPlay} label={playing ? t('pause') : t('media.play')} disabled={gone}
            onPress={() => void act(playing ? 'media_pause' : 'media_play', {}, { state: playing ? 'paused' : 'playing' })} />
        )}
        {!off && has(entity, BIT.stop) && <Tile round icon={mdiStop} label={t('stop')} disabled={gone} onPress={() => void act('media_stop')} />}
        {!off && has(entity, BIT.next) && <Tile round icon={mdiSkipNext} label={t('media.next')} disabled={gone} onPress={() => void act('media_next_track')} />}
      </Row>
      {!off && has(entity, BIT.volume | BIT.mute | BIT.step) && (
        <div className={styles.volume}>
          {has(entity, BIT.mute) && <IconButton icon={muted ? mdiVolumeOff : mdiVolumeHigh} pressed={muted} label={t('media.mute')} isDisabled={gone} onPress={() => void act('volume_mute', { is_volume_muted: !muted }, { muted: !muted })} />}
          {has(entity, BIT.volume) ? (
            <Slider large hideLabel label={words.name(entity, 'volume_level')} value={shown('volume', Math.round((numberOf(entity, 'volume_level') ?? 0) * 100))} disabled={gone}
              format={(value) => `${Math.round(value)} %`} onChangeEnd={(value) => void act('volume_set', { volume_level: value / 100 }, { volume: value })} />
          ) : (
            <Row>
              <IconButton icon={mdiVolumeMinus} label={t('media.quieter')} onPress={() => void act('volume_down')} />
              <IconButton icon={mdiVolumePlus} label={t('media.louder')} onPress={() => void act('volume_up')} />
            </Row>
          )}
        </div>
      )}
      {!off && has(entity, BIT.shuffle | BIT.repeat) && (
        <Row>
          {has(entity, BIT.shuffle) && <IconButton icon={mdiShuffle} pressed={shuffle} label={t('media.shuffle')} isDisabled={gone} onPress={() => void act('shuffle_set', { shuffle: !shuffle }, { shuffle: !shuffle })} />}
          {has(entity, BIT.repeat) && (
            <IconButton icon={REPEAT_ICONS[repeat] ?? mdiRepeatOff} pressed={repeat !== 'off'} label={`${t('media.repeat')}: ${words.value(entity, 'repeat', repeat)}`} isDisabled={gone}
              onPress={() => {
                const next = REPEATS[(REPEATS.indexOf(repeat) + 1) % REPEATS.length];
                void act('repeat_set', { repeat: next }, { repeat: next });
              }} />
          )}
        </Row>
      )}
      {has(entity, BIT.browse | BIT.media) && !gone && (
        <Row>
          <Button icon={mdiPlayBoxMultipleOutline} onPress={() => setBrowses(true)}>{t('media.browse')}</Button>
        </Row>
      )}
      {!off && (
        <Fields>
          {has(entity, BIT.source) && <Choices most={0} label={words.name(entity, 'source')} choices={listOf(entity, 'source_list').map((each) => ({ value: each, label: each }))} value={shown('source', textOf(entity, 'source'))} disabled={gone} onChange={(source) => void act('select_source', { source }, { source })} />}
          {has(entity, BIT.sound) && <Choices most={0} label={words.name(entity, 'sound_mode')} choices={listOf(entity, 'sound_mode_list').map((each) => ({ value: each, label: each }))} value={shown('sound', textOf(entity, 'sound_mode'))} disabled={gone} onChange={(mode) => void act('select_sound_mode', { sound_mode: mode }, { sound: mode })} />}
        </Fields>
      )}
      {!off && has(entity, BIT.grouping) && <EntitiesPicker label={t('media.group')} filter={{ domains: ['media_player'], without: [entity.entity_id] }} value={members} onChange={regroup} />}
      <Dialog
        open={browses}
        onClose={() => setBrowses(false)}
        size="large"
        title={t('media.browseOn', { name: nameOf(entity) })}
        footer={
          <Link href={`/media-browser?player=${entity.entity_id}`} className={styles.page} onClick={leave}>
            {t('components:media.page')}
          </Link>
        }
      >
        <Suspense fallback={<Skeleton height={200} />}>
          <MediaBrowser
            player={has(entity, BIT.browse) ? entity.entity_id : null}
            path={path}
            onPath={setPath}
            onPlay={({ media_content_id, media_content_type, media_class }) => {
              setBrowses(false);
              void act('play_media', { media_content_id, media_content_type: media_content_type || media_class });
            }}
          />
        </Suspense>
      </Dialog>
    </Stack>
  );
}
