import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mdiExpansionCardVariant } from '@mdi/js';
import { Banner, Button, Card, Chip, TextField } from '@/components';
import { useCommand, useConnected, useHomeConfig, useSession } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Facts, Fields, Row, Rows } from '../../parts/Rows';
import { SaveBar } from '../../parts/SaveBar';
import { useAct } from '../../parts/useAct';
import styles from './Network.module.css';

interface Adapter {
  name: string;
  enabled: boolean;
  default: boolean;
  ipv4: { address: string; network_prefix: number }[];
  ipv6: { address: string; network_prefix: number }[];
}

export default function Network() {
  const { t } = useTranslation('settings');
  const adapters = useCommand<{ adapters: Adapter[] }>('network');
  return (
    <>
      <Addresses />
      <Card title={t('network.adapters')}>
        <Loaded answer={adapters}>
          {(found) => (
            <Rows label={t('network.adapters')}>
              {found.adapters.map((adapter) => (
                <Row
                  key={adapter.name}
                  icon={mdiExpansionCardVariant}
                  title={adapter.name}
                  text={[...adapter.ipv4, ...adapter.ipv6].map((each) => `${each.address}/${each.network_prefix}`).join(', ')}
                  chips={adapter.default && <Chip tone="ok">{t('network.default')}</Chip>}
                />
              ))}
            </Rows>
          )}
        </Loaded>
      </Card>
    </>
  );
}

/** Under which addresses the home is reached. */
function Addresses() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const config = useHomeConfig();
  const { data: urls, reload } = useCommand<{ internal: string; external: string | null }>('network/url');
  const { busy, error, clear, act } = useAct(true);
  const [typed, setTyped] = useState<{ internal?: string; external?: string }>({});
  const before = { internal: config?.internal_url ?? '', external: config?.external_url ?? '' };
  const now = { ...before, ...typed };
  const changed = now.internal !== before.internal || now.external !== before.external;
  const save = async () => {
    const worked = await act(() => session.command('config/core/update', { internal_url: now.internal.trim() || null, external_url: now.external.trim() || null }), t('saved'));
    if (!worked) return;
    setTyped({});
    reload();
  };
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void save();
      }}
    >
      <Card title={t('network.addresses')}>
        <p className={styles.text}>{t('network.addressesText')}</p>
        <Fields columns>
          <TextField label={t('network.internal')} type="url" hint={t('network.internalHint')} placeholder={urls?.internal ?? ''} value={now.internal} onChange={(internal) => setTyped({ ...typed, internal })} />
          <TextField label={t('network.external')} type="url" hint={t('network.externalHint')} value={now.external} onChange={(external) => setTyped({ ...typed, external })} />
        </Fields>
        <div className={styles.facts}>
          <Facts facts={[[t('network.present'), location.origin]]} />
        </div>
        {location.protocol === 'http:' && <Banner kind="info">{t('network.plain')}</Banner>}
      </Card>
      <SaveBar
        shown={changed}
        problem={error ? t('network.refused', { problem: error.message }) : undefined}
        save={
          <Button kind="primary" type="submit" busy={busy} isDisabled={!connected}>
            {t('save')}
          </Button>
        }
        onDiscard={() => {
          setTyped({});
          clear();
        }}
      />
    </form>
  );
}
