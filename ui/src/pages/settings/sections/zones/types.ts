export interface Zone {
  id: string;
  name: string;
  latitude: number;
  longitude: number;
  /** Metres; 100 where it was not said. */
  radius?: number;
  passive?: boolean;
  icon?: string;
}
