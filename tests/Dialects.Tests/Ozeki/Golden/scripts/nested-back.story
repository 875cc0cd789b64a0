script nested.ozml
keys 2@1s *@2s *@3s 2@4s 1@5s

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Sales, one. Service, two."
  1.000  Key: 2
  1.000  Stopped: the audio stops
  1.000  Hears: "Repairs, one. Star goes back."
  2.000  Key: *
  2.000  Stopped: the audio stops
  2.000  Hears: "Sales, one. Service, two."
  3.000  Key: *
  3.000  Stopped: the audio stops
  3.000  Hears: "Sales, one. Service, two."
  4.000  Key: 2
  4.000  Stopped: the audio stops
  4.000  Hears: "Repairs, one. Star goes back."
  5.000  Key: 1
  5.000  Stopped: the audio stops
  5.000  Asked: rings 310
  8.000  Ended: the caller talks to someone else
