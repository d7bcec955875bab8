export default function LandingPage() {
  return <div className="page"><h1>Pagewalk</h1></div>;
}
