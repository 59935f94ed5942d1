/** The home's media: looked through, played here or on a player; files are put into its folder and taken out. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { toast } from '@/app/toasts';
import { PageHeader, Select } from '@/components';
import { decodeStep, encodeStep, isLocal, type MediaItem, type Step } from '@/components/media/browse';
import { MediaBrowser } from '@/components/media/MediaBrowser';
import { PlayHere } from '@/components/media/PlayHere';
import { nameOf, useCall, useEntities, useEntityIds, useUser } from '@/data';
import { useMayControl } from '@/data/rights';
import { FileMenu } from './FileMenu';
import styles from './Media.module.css';
import { Upload } from './Upload';

const BIT = { play: 512, browse: 131_072 };
const HERE = 'here';

export default function MediaPage() {
  const { t } = useTranslation('media');
  const user = useUser();
  const mayControl = useMayControl();
  const call = useCall();
  const [params, setParams] = useSearchParams();
  const players = useEntities(useEntityIds('media_player')).filter((each) => each.state !== 'unavailable' && (Number(each.attributes.supported_features ?? 0) & BIT.play) !== 0);
  const [shown, setShown] = useState<{ item: MediaItem; among: readonly MediaItem[] } | null>(null);
  const chosen = players.find((each) => each.entity_id === params.get('player'));
  const ownTree = chosen && (Number(chosen.attributes.supported_features) & BIT.browse) !== 0 ? chosen.entity_id : null;
  const path = params.getAll('at').map(decodeStep).filter((step) => step !== null);

  const go = (steps: readonly Step[], player: string | undefined) => {
    const next = new URLSearchParams(player ? { player } : {});
    for (const step of steps) next.append('at', encodeStep(step));
    setParams(next);
  };
  const play = async (item: MediaItem, among: readonly MediaItem[]) => {
    if (!chosen) return setShown({ item, among });
    const worked = await call('media_player', 'play_media', { media_content_id: item.media_content_id, media_content_type: item.media_content_type || item.media_class }, { entity_id: chosen.entity_id });
    if (worked) toast.ok(t('playing', { title: item.title, player: nameOf(chosen) }));
  };
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          mayControl && players.length > 0 && (
            <div className={styles.player}>
              <Select
                label={t('playOn')}
                hideLabel
                options={[{ value: HERE, label: t('here') }, ...players.map((each) => ({ value: each.entity_id, label: nameOf(each) }))]}
                value={chosen?.entity_id ?? HERE}
                onChange={(next) => go([], next === HERE ? undefined : next)}
              />
            </div>
          )
        }
      />
      <MediaBrowser
        player={ownTree}
        path={path}
        onPath={(steps) => go(steps, chosen?.entity_id)}
        onPlay={(item, among) => void play(item, among)}
        {...(user.is_admin
          ? {
              above: (folder, changed) => isLocal(folder.media_content_id) && <Upload key={folder.media_content_id} folder={folder} onDone={changed} />,
              menu: (item, changed) => isLocal(item.media_content_id) && !item.can_expand && <FileMenu item={item} onGone={changed} />,
            }
          : {})}
      />
      {shown && <PlayHere item={shown.item} among={shown.among} onItem={(item) => setShown({ ...shown, item })} onClose={() => setShown(null)} />}
    </>
  );
}
