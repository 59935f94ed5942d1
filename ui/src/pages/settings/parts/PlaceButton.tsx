import { useState } from 'react';
import { mdiCrosshairsGps } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button } from '@/components';

export interface Place {
  latitude: number;
  longitude: number;
  /** Metres above the sea; null: the device does not know. */
  elevation: number | null;
}

const PATIENCE_MS = 20_000;
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

/** Where this device is. Browsers tell it to encrypted pages alone (and on the machine itself); elsewhere there is no button. */
export function PlaceButton({ onPlace }: { onPlace: (place: Place) => void }) {
  const { t } = useTranslation('settings');
  const [busy, setBusy] = useState(false);
  if (!window.isSecureContext || !('geolocation' in navigator)) return null;
  const find = () => {
    setBusy(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        onPlace({ latitude: round(coords.latitude), longitude: round(coords.longitude), elevation: coords.altitude === null ? null : Math.round(coords.altitude) });
      },
      () => {
        setBusy(false);
        toast.error(t('place.refused'));
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS },
    );
  };
  return (
    <Button icon={mdiCrosshairsGps} busy={busy} onPress={find}>
      {t('place.here')}
    </Button>
  );
}
